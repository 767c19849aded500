"""Serving pages and dashboards: at once from files, and by sessions where a session is asked for.

==============  ====================================================================
``options``     what whoever starts the server may choose, and what is refused
``policy``      what browsers are told that a page may load
``guard``       what every address shares: hosts, identity, headers, sentences
``files``       files from memory, packed, with a tag that changes with their content
``pages``       the static pages of the edition that readers see
``sessions``    who has a seat, who waits, and which session is whose
``waiting``     the page of who waits
``dashboards``  a dashboard by its name
``press``       the template and the notebooks, read once for all visitors
``printing``    how a page is put together: first view, kernel, cells
``first_views`` what everybody sees first, made in one kernel and kept while the edition stays
``baskets``     collected figures as one document, worked out in a kernel beside the others
``own_kernel``  a kernel of the server's own, which no page can reach
``starts``      how many sessions are made at once
``clients``     the server's own line to a kernel
``embedded``    one view of a dashboard for the pages of others, without a session
``messages``    what a browser may say to a kernel: to widgets, and nothing else
``channels``    the line between a page and its kernel
``ending``      ending sessions that are closed, left, or idle while others wait
``identity``    password or OpenID Connect
``signing``     signing in with a password
``openid``      signing in at an institution's own provider
``health``      ``/health`` and ``/metrics``
``log``         lines of JSON, without what people asked for
``application`` all of it in one server
==============  ====================================================================
"""

from __future__ import annotations
