"""The import wizard: four steps, each made anew when something changes."""

from collections.abc import Callable

from nicegui import events, run, ui

from crm_core.access import Actor
from crm_core.errors import CrmError
from crm_core.transfer import ImportMap, ImportPlan
from integrations.web import text
from integrations.web.desk import Desk
from integrations.web.importing.columns import show_columns
from integrations.web.importing.results import show_done, show_preview
from integrations.web.importing.taking import Taking
from integrations.web.importing.upload import ACCEPTED, MOST_BYTES, MOST_FILES
from integrations.web.panels import act, panel
from integrations.web.people import Person
from integrations.web.shell import button, frame, heading, notify

STEPS = ("files", "columns", "preview", "done")
_BEAT_S = 0.3


def build(desk: Desk, person: Person) -> None:
    """The wizard at its first step."""
    with frame(person, person.say("import")):
        heading(person.say("import"), note=person.say("import_note"))
        Wizard(desk, person).show("files")


class Wizard:
    """One import on the page. What it uploaded goes with the page."""

    def __init__(self, desk: Desk, person: Person) -> None:
        self.desk, self.person = desk, person
        self.taking = Taking(desk)
        self._steps = ui.element("ol").classes("steps")
        self._place = ui.element("div").classes("stack")
        ui.context.client.on_delete(lambda: self.taking.upload.close())

    def show(self, step: str) -> None:
        """Make a step anew."""
        self._steps.clear()
        with self._steps:
            for at, name in enumerate(STEPS, 1):
                item = text.words("li", f"{at}. {self.person.say(f'step_{name}')}")
                if name == step:
                    item.props["aria-current"] = "step"
        self._place.clear()
        with self._place:
            {"files": self._files, "columns": self._columns, "preview": self._preview, "done": self._done}[step]()

    async def run(self, do: Callable[[Actor], None], then: str) -> None:
        """Do something long in a thread, with its progress on the page, and go to a step."""
        self._place.clear()
        with self._place, panel(self.person.say("import_at_work")):
            bar = ui.linear_progress(value=0, show_value=False).props("rounded instant-feedback")
            bar.props["aria-label"] = self.person.say("import_at_work")
            beat = ui.timer(_BEAT_S, lambda: bar.set_value(round(self.taking.progress, 2)))
        try:
            await run.io_bound(do, self.person.actor)
        except CrmError:
            then = "preview" if self.taking.preview else "columns" if self.taking.plan else "files"
            raise
        finally:
            beat.cancel()
            if not self._place.is_deleted:
                self.show(then)

    async def look(self, mapping: ImportMap | None = None) -> None:
        """Read the files, by a person's choices where there are some."""
        await self.run(lambda actor: self.taking.look(actor, mapping), "columns")

    async def use(self, make: Callable[[ImportPlan], ImportMap]) -> None:
        """Read the files by another map."""
        assert self.taking.plan is not None
        await self.look(make(self.taking.plan))

    async def restart(self) -> None:
        """A new import."""
        self.taking.upload.close()
        self.taking = Taking(self.desk)
        self.show("files")

    def _files(self) -> None:
        say = self.person.say
        with panel(say("import_drop"), say("import_kinds", most=MOST_BYTES >> 20)):
            upload = ui.upload(
                multiple=True, auto_upload=True, max_total_size=MOST_BYTES, max_files=MOST_FILES,
                on_multi_upload=self._take_files,
                on_rejected=lambda: notify(say("import_rejected", most=MOST_BYTES >> 20), kind="warning"),
            )  # fmt: skip
            upload.props("flat bordered").classes("drop").props["accept"] = ",".join(ACCEPTED)
            self._chooser(upload)
            if self.taking.upload.paths:
                for path in self.taking.upload.paths:
                    with ui.element("div").classes("spread"):
                        text.words("span", path.name)
                        act(
                            self.person, "", self._remover(path.name), icon="close", name=f"{say('remove')} {path.name}"
                        )
                with ui.element("div").classes("line"):
                    act(self.person, say("import_go_on"), self.look, kind="primary")
        text.words("p", say("import_after"), "muted small")

    def _chooser(self, upload: ui.upload) -> None:
        """A button in the place of Quasar's own, which has no name and holds the field inside itself."""
        with upload.add_slot("header"), ui.element("div").classes("drop-head"):
            with ui.element("div").classes("unseen"):
                ui.element("q-uploader-add-trigger")
            choose = button(self.person.say("import_choose"), kind="flat", icon="upload_file")
            choose.on("click", js_handler=f"() => getElement({upload.id}).$refs.qRef.pickFiles()")

    def _remover(self, name: str) -> Callable[[], None]:
        def remove() -> None:
            self.taking.upload.remove(name)
            self.show("files")

        return remove

    async def _take_files(self, event: events.MultiUploadEventArguments) -> None:
        """What arrived together is imported together."""
        try:
            for file in event.files:
                self.taking.upload.check(file.name, file.size())
                self.taking.upload.add(file.name, await file.read())
        except CrmError as error:
            notify(self.person.told(error), kind="warning")
        if self.taking.upload.paths:
            with self._place:
                await self.look()

    def _columns(self) -> None:
        show_columns(self)

    def _preview(self) -> None:
        show_preview(self)

    def _done(self) -> None:
        show_done(self)
