"""The pages of settings: for everybody what is their own, for administrators what holds for all."""

from integrations.web.page import Nav, Page
from integrations.web.settings import drafts, fields, hooks, own, scoring, stages, tokens, usage, users
from integrations.web.settings.frame import PATH, is_admin

SETTINGS = (
    Page(PATH, "settings", own.build, icon="settings", nav=Nav.MORE),
    Page(f"{PATH}/drafts", "settings_drafts", drafts.build),
    Page(f"{PATH}/tokens", "settings_tokens", tokens.build),
    Page(f"{PATH}/usage", "settings_usage", usage.build),
    Page(f"{PATH}/users", "settings_users", users.build, may_see=is_admin),
    Page(f"{PATH}/stages", "settings_stages", stages.build, may_see=is_admin),
    Page(f"{PATH}/fields", "settings_fields", fields.build, may_see=is_admin),
    Page(f"{PATH}/scoring", "settings_scoring", scoring.build, may_see=is_admin),
    Page(f"{PATH}/webhooks", "settings_hooks", hooks.build, may_see=is_admin),
)
