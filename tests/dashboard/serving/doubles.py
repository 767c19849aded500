"""Doubles of what the server starts kernels with."""

from __future__ import annotations


class Manager(dict):
    """The kernels that there are, by id."""

    def get_kernel(self, kernel_id):
        return self[kernel_id]

    async def shutdown_kernel(self, kernel_id, *, now):
        assert now
        del self[kernel_id]
