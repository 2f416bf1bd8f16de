"""Jobs that run by schedule, durably: DBOS in a file of its own beside the store, or in a schema of PostgreSQL.

It knows when a job is due, which runs were finished and which failed. What a job does is handed to it.
"""

from integrations.jobs.history import Failure, History, read_history
from integrations.jobs.job import Job
from integrations.jobs.worker import Worker

__all__ = ["Failure", "History", "Job", "Worker", "read_history"]
