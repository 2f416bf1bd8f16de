"""What is heard of a turn."""

from uuid import uuid4

from langchain_core.messages import AIMessage
from langchain_core.outputs import ChatGeneration, LLMResult

from evals.trace import Trace


def test_tools_that_ran_side_by_side_stand_in_the_order_in_which_the_model_called_them():
    trace = Trace()
    calls = [{"name": name, "args": {}, "id": name} for name in ("first", "second")]
    trace.on_llm_end(LLMResult(generations=[[ChatGeneration(message=AIMessage("", tool_calls=calls))]]), run_id=uuid4())

    for name in ("second", "first"):
        trace.on_tool_start({"name": name}, "", run_id=uuid4(), tool_call_id=name)

    assert [call.name for call in trace.tools] == ["first", "second"]
