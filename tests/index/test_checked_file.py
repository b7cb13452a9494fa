"""The file that indexes are kept in: nothing that is damaged is ever handed out."""

from __future__ import annotations

import numpy as np
import pytest

from qa.index.checked_file import CheckedFileDamaged, read_checked, read_entries, write_checked

ARRAYS = {
    "bytes": np.arange(300, dtype=np.uint8).reshape(3, 100),
    "none": np.empty((0, 4), np.float32),
    "numbers": np.linspace(0, 1, 7, dtype=np.float32),
    "large": np.array([1, -(1 << 40)], np.int64),
}


def test_a_checked_file_gives_back_what_was_written(tmp_path):
    path = tmp_path / "file"
    write_checked(path, {"names": ["é", 1]}, ARRAYS)
    assert read_entries(path) == {"names": ["é", 1]}
    file = read_checked(path)
    assert file.entries == {"names": ["é", 1]}
    assert list(file.arrays) == list(ARRAYS)
    for name, array in ARRAYS.items():
        np.testing.assert_array_equal(file.arrays[name], array)
        assert file.arrays[name].dtype == array.dtype
    write_checked(path, {}, {})
    assert read_checked(path).arrays == {}
    assert [one.name for one in tmp_path.iterdir()] == ["file"]


def test_every_changed_bit_is_noticed_or_lies_between_the_arrays(tmp_path):
    path = tmp_path / "file"
    write_checked(path, {"a": 1}, ARRAYS)
    whole = path.read_bytes()
    silent = []
    for byte in range(len(whole)):
        data = bytearray(whole)
        data[byte] ^= 1 << byte % 8
        path.write_bytes(data)
        try:
            file = read_checked(path)
        except CheckedFileDamaged:
            continue
        silent.append(byte)
        for name, array in ARRAYS.items():
            np.testing.assert_array_equal(file.arrays[name], array)
    assert all(whole[byte] == 0 for byte in silent)


@pytest.mark.parametrize("length", [0, 7, 15, 16, 40, -1, -300])
def test_a_file_that_was_cut_off_is_damaged(tmp_path, length):
    path = tmp_path / "file"
    write_checked(path, {"a": 1}, ARRAYS)
    path.write_bytes(path.read_bytes()[:length])
    with pytest.raises(CheckedFileDamaged):
        read_checked(path)


def test_a_header_that_promises_too_much_is_damaged(tmp_path):
    path = tmp_path / "file"
    path.write_bytes(b"CWARR\x00\x00\x01" + (1 << 62).to_bytes(8, "little") + b"x" * 100)
    with pytest.raises(CheckedFileDamaged):
        read_checked(path)
    with pytest.raises(FileNotFoundError):
        read_checked(tmp_path / "none")


def test_an_array_of_another_type_is_not_written(tmp_path):
    with pytest.raises(ValueError, match="float64"):
        write_checked(tmp_path / "file", {}, {"a": np.ones(3)})
    assert list(tmp_path.iterdir()) == []
