"""The tables, one concept a file. They know each other by table name only and hold no rules.

`RECORDS` are the customer records: whatever stands here can be asked about, imported and undone.
"""

from crm_core.models.access_token import AccessToken, RequestKey
from crm_core.models.account import Account
from crm_core.models.auto_draft import AutoDraftSetting
from crm_core.models.base import Base, EntityInfo, FieldInfo, Kind, Record, Role
from crm_core.models.change import AuditEntry, ChangeDecision, ChangeEvent, ChangeRow, ChangeSetRow, OutboxRow
from crm_core.models.company_word import CompanyWord
from crm_core.models.contact import Consent, Contact
from crm_core.models.custom_field import CustomField
from crm_core.models.deal import Deal, DealContact, DealLine, StageChange
from crm_core.models.door import DoorLink, InboxRow, Notice, NoticeSetting
from crm_core.models.draft import Draft, MadeBy, Purpose
from crm_core.models.interaction import Interaction, InteractionKind
from crm_core.models.lead import Lead, LeadStatus
from crm_core.models.order import Order, OrderLine
from crm_core.models.product import Product
from crm_core.models.quota import ExchangeRate, Quota
from crm_core.models.score import ScoreModelRow, ScoreRow
from crm_core.models.segment import SegmentRow
from crm_core.models.send import Send, SendState
from crm_core.models.stage import Pipeline, Stage, StageKind
from crm_core.models.store_info import RoleScope, StoreInfo
from crm_core.models.task import Task, TaskStatus
from crm_core.models.user import User, UserRole
from crm_core.models.web import WebLink, WebSession, WebUser
from crm_core.models.webhook import Webhook, WebhookDelivery

RECORDS: tuple[type[Record], ...] = (
    Deal, Account, Contact, Lead, User, Product, Stage, Pipeline, Interaction, Task, Draft, Order, Quota,
    StageChange, DealContact, DealLine, OrderLine, ExchangeRate,
)  # fmt: skip

__all__ = [
    "RECORDS", "AccessToken", "Account", "AuditEntry", "AutoDraftSetting", "Base", "ChangeDecision", "ChangeEvent",
    "ChangeRow", "ChangeSetRow", "CompanyWord", "Consent", "Contact", "CustomField", "Deal", "DealContact",
    "DealLine", "DoorLink", "Draft", "EntityInfo", "ExchangeRate", "FieldInfo", "InboxRow", "Interaction",
    "InteractionKind", "Kind", "Lead", "LeadStatus", "MadeBy", "Notice", "NoticeSetting", "Order", "OrderLine",
    "OutboxRow", "Pipeline", "Product", "Purpose", "Quota", "Record", "RequestKey", "Role", "RoleScope",
    "ScoreModelRow", "ScoreRow", "SegmentRow", "Send", "SendState", "Stage", "StageChange", "StageKind", "StoreInfo",
    "Task", "TaskStatus", "User", "UserRole", "WebLink", "WebSession", "WebUser", "Webhook", "WebhookDelivery",
]  # fmt: skip
