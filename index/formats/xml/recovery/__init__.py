"""The tolerant reader of files that are not well-formed.

Text becomes tokens (``tokens``, with the help of ``tags`` for those that are broken and ``conflicts`` for
what git left), tokens become elements (``balance``); ``characters`` and ``namespaces`` then look at what is
inside. What the fast pass read before the first anomaly is kept (``resume``). Each anomaly is reported with
the splices that would repair it; none is applied here.
"""
