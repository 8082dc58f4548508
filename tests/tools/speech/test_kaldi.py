import struct
from pathlib import Path

import numpy as np
import pytest

from tools.speech import kaldi
from tools.speech.openfst import Fst, Property


def test_numbers_come_behind_their_size() -> None:
    assert kaldi.token("<Nnet3>") == b"<Nnet3> "
    assert kaldi.integer(-2) == b"\x04\xfe\xff\xff\xff"
    assert kaldi.real(0.5) == b"\x04\x00\x00\x00\x3f"
    assert kaldi.double(0.0) == b"\x08" + bytes(8)
    assert kaldi.integers([1, 2]) == b"\x04\x02\0\0\0\x01\0\0\0\x02\0\0\0"


def test_vectors_and_matrices_are_rows_of_floats() -> None:
    assert kaldi.vector([]) == b"FV \x04\0\0\0\0"
    assert kaldi.vector([1.0]) == b"FV \x04\x01\0\0\0\0\0\x80\x3f"
    assert kaldi.matrix(np.array([[1.0, 2.0]])) == (
        b"FM \x04\x01\0\0\0\x04\x02\0\0\0" + struct.pack("<2f", 1.0, 2.0)
    )


def test_the_transition_model_of_two_phones() -> None:
    half = b"\x04\0\0\0\x3f"
    one, two, three = (b"\x04" + struct.pack("<i", n) for n in (1, 2, 3))
    zero, absent = b"\x04\0\0\0\0", b"\x04\xff\xff\xff\xff"
    assert kaldi.transition_model({1: 0, 2: 3}) == (
        b"<TransitionModel> <Topology> "
        + (b"\x04\x02\0\0\0" + struct.pack("<2i", 1, 2))
        + (b"\x04\x03\0\0\0" + struct.pack("<3i", -1, 0, 0))
        + one
        + two
        + (zero + two + zero + half + one + half)
        + (absent + zero)
        + b"</Topology> <Triples> "
        + two
        + (one + zero + zero)
        + (two + zero + three)
        + b"</Triples> <LogProbs> FV "
        + (b"\x04\x05\0\0\0" + struct.pack("<5f", 0, *[np.log(0.5)] * 4))
        + b"</LogProbs> </TransitionModel> "
    )


def test_phone_ids_must_be_without_gaps() -> None:
    with pytest.raises(ValueError, match="leave none out"):
        kaldi.transition_model({1: 0, 3: 1})


def test_a_network_is_described_in_words_and_ends_with_its_context() -> None:
    layers = [(np.ones((2, 6)), np.zeros(2)), (np.ones((3, 2)), np.zeros(3))]
    written = kaldi.network(layers, context=1, inputs=2, priors=[0.5, 0.25, 0.25])
    head, _, body = written.partition(b"<NumComponents> ")
    assert head.decode() == (
        "<Nnet3> \ninput-node name=input dim=2\n"
        "component-node name=affine1 component=affine1 "
        "input=Append(Offset(input, -1), input, Offset(input, 1))\n"
        "component-node name=relu1 component=relu1 input=affine1\n"
        "component-node name=affine2 component=affine2 input=relu1\n"
        "component-node name=logsoftmax component=logsoftmax input=affine2\n"
        "output-node name=output input=logsoftmax objective=linear\n\n"
    )
    assert body.startswith(kaldi.integer(4) + b"<ComponentName> affine1 <FixedAffineComponent> ")
    end = b"<LeftContext> \x04\x01\0\0\0<RightContext> \x04\x01\0\0\0<Priors> "
    assert written.endswith(end + kaldi.vector([0.5, 0.25, 0.25]))


def test_a_transducer_is_written_as_openfst_reads_it(tmp_path: Path) -> None:
    fst = Fst()
    first, second = fst.state(), fst.state()
    fst.arc(first, (3, 9), 0.25, second)
    fst.arc(first, (2, 8), 0.5, first)
    fst.final[second] = 1.5
    fst.sort_by_input()
    fst.write(tmp_path / "a.fst", Property.INPUT_SORTED)
    assert (tmp_path / "a.fst").read_bytes() == (
        b"\xd6\xfd\xb2\x7e\x06\0\0\0vector\x08\0\0\0standard\x02\0\0\0\0\0\0\0"
        + struct.pack("<Qqqq", 0x10000003, 0, 2, 2)
        + (struct.pack("<fq", float("inf"), 2) + struct.pack("<iifi", 2, 8, 0.5, 0))
        + struct.pack("<iifi", 3, 9, 0.25, 1)
        + struct.pack("<fq", 1.5, 0)
    )


def test_arcs_are_sorted_by_the_side_that_is_composed() -> None:
    fst = Fst()
    state = fst.state()
    fst.arc(state, (1, 5), 0.0, state)
    fst.arc(state, (2, 4), 0.0, state)
    fst.sort_by_output()
    assert [arc[:2] for arc in fst.arcs[state]] == [(2, 4), (1, 5)]
    fst.sort_by_input()
    assert [arc[:2] for arc in fst.arcs[state]] == [(1, 5), (2, 4)]
