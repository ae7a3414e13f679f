"""All that knows asv: what it gives, its privates, and what is put in place of them.

No other part of ``unladen`` imports asv (``lint-imports``). Layers below know nothing of it; those
above get what they need from here with types, and give what they want done as functions, which
``unladen.plugin`` puts together. Whatever module here is imported first, what asv calls its
``UserError`` is ours from then on: nobody catches two.
"""

import asv.util

from unladen.errors import UserError

asv.util.UserError = UserError
