"""The target autobmad: the core that its agents make their SDK calls with."""
