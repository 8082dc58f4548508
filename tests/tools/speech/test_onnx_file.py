import numpy as np
import onnxruntime
import pytest

from tools.speech.onnx_file import FLOAT, INT64, Graph


def test_a_model_is_written_as_protobuf() -> None:
    graph = Graph("g")
    graph.input("x", FLOAT, [1, "n"])
    graph.output("y", "x", FLOAT, [2])
    lines = (
        "08 08",  # ir_version
        "12 01 70",  # producer_name: p
        "3a 3c",  # graph
        "0a 10 0a 01 78 12 01 79 22 08 49 64 65 6e 74 69 74 79",  # node: y = Identity(x)
        "12 01 67",  # name: g
        "5a 14 0a 01 78 12 0f 0a 0d 08 01 12 09 0a 02 08 01 0a 03 12 01 6e",  # x: FLOAT [1, n]
        "62 0f 0a 01 79 12 0a 0a 08 08 01 12 04 0a 02 08 02",  # y: FLOAT [2]
        "42 04 0a 00 10 11",  # opset_import: the default domain, 17
    )
    assert graph.model("p") == bytes.fromhex("".join(lines))


def test_numbers_are_varints_and_negative_ones_take_ten_bytes() -> None:
    graph = Graph("g")
    graph.output("y", graph.apply("Cast", "x", to=-1), INT64, [300])
    model = graph.model("p")
    assert bytes.fromhex("18 ffffffffffffffffff01") in model
    assert bytes.fromhex("08 ac02") in model


def test_a_constant_is_stored_once() -> None:
    graph = Graph("g")
    one, same = graph.constant([1.5, 2.0]), graph.constant([1.5, 2.0])
    other = graph.constant([1.5, 2.0], np.float64)
    assert one == same != other
    # dims 2, data_type FLOAT, raw_data, name
    assert bytes.fromhex("08 02 10 01 4a 08 0000c03f 00000040 42 0a") in graph.model("p")


@pytest.mark.parametrize("dtype", [np.float32, np.float64, np.float16, np.int64])
def test_the_runtime_reads_what_is_written(dtype: type) -> None:
    graph = Graph("sum")
    graph.input("x", FLOAT, ["n", 2])
    some = graph.constant([[1, -2]], dtype)
    value = graph.apply("Add", "x", graph.apply("Cast", some, to=FLOAT))
    value = graph.apply("ReduceSum", value, graph.constant([1], np.int64), keepdims=0)
    value = graph.apply("LeakyRelu", value, alpha=0.5)
    graph.output("y", value, FLOAT, ["n"])
    session = onnxruntime.InferenceSession(graph.model("test"))
    (result,) = session.run(None, {"x": np.array([[1, 2], [-5, 0]], np.float32)})
    assert result.tolist() == [2.0, -3.0]
