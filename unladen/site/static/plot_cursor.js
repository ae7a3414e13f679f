/* Pointing at a plot, with a mouse, a finger or the keyboard: the point that is meant is shown, and
opened by a click, by a second touch or by Enter. */
"use strict";

const PlotCursor = (() => {
  /** Within so many pixels of a point a click opens it. */
  const REACH = 28;

  /** The stop at an x, with the reading that is meant; null if there is none.
      @param {Plot} plot @param {number} x
      @param {(readings: PlotReading[]) => PlotReading | undefined} choose
      @returns {PlotStop | null} */
  function stopAt({ places, drawing }, x, choose) {
    const readings = PlotStops.readings(places, x);
    const chosen = choose(readings);
    if (!chosen) return null;
    const about = drawing.about(chosen.line, chosen.n);
    return { x, readings, chosen, about, marks: PlotStops.marksAt(places, x, chosen.line) };
  }

  /** The stop that is nearest to a place in the plot.
      @param {Plot} plot @param {Place} place */
  function stopNear(plot, { x, y }) {
    const stops = PlotStops.all(plot.places);
    if (!stops.length) return null;
    const at = stops[PlotStops.nearest(stops, plot.places.x.value(x))];
    return stopAt(plot, at, (found) => PlotStops.nearestReading(plot.places, found, y));
  }

  /** @param {Plot} plot @param {PlotStop} stop @param {Place} place */
  function isNear({ places }, { x, chosen }, place) {
    const height = chosen.y === null ? place.y : places.y.at(chosen.y);
    return Math.hypot(places.x.at(x) - place.x, height - place.y) <= REACH;
  }

  /** Shows a stop, or nothing. `isPinned`: it stays, and has a link.
      @param {Plot} plot @param {PlotStop | null} stop @param {boolean} isPinned */
  function show(plot, stop, isPinned) {
    plot.stop = stop;
    if (stop) PlotTip.show(plot, stop, isPinned);
    else PlotTip.hide(plot);
  }

  /** What follows a mouse.
      @param {Plot} plot @param {Place} place */
  function hover(plot, place) {
    const stop = stopNear(plot, place);
    const canOpen = stop?.about.href && isNear(plot, stop, place);
    plot.area.classList.toggle("can-open", Boolean(canOpen));
    show(plot, stop, false);
  }

  /** @param {Plot} plot */
  function leave(plot) {
    if (!plot.tip.classList.contains("pinned")) show(plot, null, false);
  }

  /** @param {PlotStop | null} stop */
  function open(stop) {
    if (stop?.about.href) location.href = stop.about.href;
  }

  /** A click of a mouse opens a point; a touch shows it, and opens it when it is shown.
      @param {Plot} plot @param {Place} place @param {boolean} isTouch */
  function press(plot, place, isTouch) {
    const shown = plot.stop;
    const stop = stopNear(plot, place);
    if (!stop) return;
    if (!isTouch) {
      if (isNear(plot, stop, place)) open(stop);
      return;
    }
    const isSame = shown?.x === stop.x && shown.chosen.line === stop.chosen.line;
    if (isSame && isNear(plot, stop, place)) open(stop);
    else show(plot, stop, true);
  }

  /** Moves by so many points, or lines, and tells the new point.
      @param {Plot} plot @param {number} points @param {number} lines */
  function move(plot, points, lines) {
    const stops = PlotStops.all(plot.places);
    if (!stops.length) return;
    const old = plot.stop;
    const beside = points < 0 ? stops.length : -1;
    const at = (old ? PlotStops.nearest(stops, old.x) : beside) + points;
    const x = stops[Math.max(0, Math.min(at, stops.length - 1))];
    const stop = stopAt(plot, x, (readings) => {
      const same = readings.findIndex(({ line }) => line === old?.chosen.line);
      const wanted = Math.max(same, 0) + lines;
      return readings[Math.max(0, Math.min(wanted, readings.length - 1))];
    });
    show(plot, stop, true);
    plot.live.textContent = stop ? told(stop) : "";
  }

  /** A stop in words.
      @param {PlotStop} stop */
  function told({ about, chosen, marks }) {
    const changes = marks.map(({ marks: { name, said }, n }) => `${name}: ${said(n)}`);
    const value = `${chosen.line.name}: ${chosen.text}`;
    return [value, about.title, about.detail, ...changes].filter(Boolean).join(". ");
  }

  /** What the keyboard does; whether the key means anything here.
      @param {Plot} plot @param {string} key */
  function onKey(plot, key) {
    /** @type {Record<string, () => void>} */
    const acts = {
      ArrowLeft: () => move(plot, -1, 0),
      ArrowRight: () => move(plot, 1, 0),
      ArrowUp: () => move(plot, 0, -1),
      ArrowDown: () => move(plot, 0, 1),
      Home: () => move(plot, Number.NEGATIVE_INFINITY, 0),
      End: () => move(plot, Number.POSITIVE_INFINITY, 0),
      Enter: () => open(plot.stop),
      Escape: () => show(plot, null, false),
    };
    const act = Object.hasOwn(acts, key) ? acts[key] : undefined;
    act?.();
    return act !== undefined;
  }

  return { hover, leave, press, onKey, show };
})();
