"""Warm kernels: forked from a parent that has imported the code of the notebooks and no data.

===============  ==================================================================
``place``        which parent a kernel may come from, and where its socket lies
``wire``         what is said over the socket, and to whom
``code``         what the parent imports
``alone``        whether a process may be forked
``parent``       the process that forks: one thread, no data, no secrets
``birth``        how a fork of the parent becomes a kernel
``keeper``       starting, holding and ending a parent
``process``      a forked kernel as its owner sees it
``provisioner``  what Jupyter asks for a kernel; ordinary ones where forking cannot be
``manager``      the same for Papermill and nbclient, whatever the process has set up before
``settings``     what to pass to Papermill, Voila and JupyterLab
===============  ==================================================================
"""

from __future__ import annotations
