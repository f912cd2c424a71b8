"""RFC 6962 trees: the published vectors, and every proof of every small tree, true and mutated."""

import hashlib

import pytest

from wms.ledger.seal import merkle

# The reference leaves, roots and proofs of the certificate-transparency implementations.
LEAVES = [
    bytes.fromhex(data)
    for data in (
        *("", "00", "10", "2021", "3031", "40414243", "5051525354555657"),
        "606162636465666768696a6b6c6d6e6f",
    )
]
ROOTS = (
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
)
A, B, C = (
    "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
    "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
    "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
)
D, E = (
    "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
)
F = "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a"
INCLUSION = {
    (0, 8): (A, B, C),
    (5, 8): (D, E, ROOTS[4]),
    (2, 3): (ROOTS[2],),
    (1, 5): (ROOTS[1], B, D),
}
CONSISTENCY = {(1, 8): (A, B, C), (6, 8): (F, E, ROOTS[4]), (2, 5): (B, D), (1, 1): ()}

MOST = 130
HASHES = [merkle.leaf_hash(bytes([i])) for i in range(MOST)]


def mth(leaves):
    """RFC 6962, 2.1, word for word: the oracle."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    return hashlib.sha256(b"\x01" + mth(leaves[:k]) + mth(leaves[k:])).digest()


KNOWN = {}


def subtree(level, index):
    if (level, index) not in KNOWN:
        KNOWN[level, index] = mth(HASHES[index << level : (index + 1) << level])
    return KNOWN[level, index]


ALL_ROOTS = [mth(HASHES[:n]) for n in range(MOST + 1)]


def test_the_published_roots():
    edge = merkle.Edge()
    for size, root in enumerate(ROOTS):
        assert edge.root().hex() == root
        if size < len(LEAVES):
            edge.append(merkle.leaf_hash(LEAVES[size]))


@pytest.mark.parametrize("case", INCLUSION)
def test_the_published_inclusion_proofs(case):
    hashes = [merkle.leaf_hash(leaf) for leaf in LEAVES]
    path = merkle.inclusion(*case, merkle.subtrees_of(hashes))
    assert tuple(step.hex() for step in path) == INCLUSION[case]


@pytest.mark.parametrize("case", CONSISTENCY)
def test_the_published_consistency_proofs(case):
    hashes = [merkle.leaf_hash(leaf) for leaf in LEAVES]
    path = merkle.consistency(*case, merkle.subtrees_of(hashes))
    assert tuple(step.hex() for step in path) == CONSISTENCY[case]


def test_a_tree_grown_leaf_by_leaf_is_the_tree_of_the_definition():
    edge = merkle.Edge()
    for size in range(MOST):
        completed = edge.append(HASHES[size])
        assert completed == [subtree(level, size >> level) for level in range(len(completed))]
        assert (size + 1) % (1 << len(completed)) != 0
        assert edge.root() == ALL_ROOTS[size + 1]
        assert merkle.Edge.of(size + 1, subtree) == edge


def test_every_inclusion_proof_holds_and_only_for_its_own_leaf_index_and_root():
    for size in range(1, MOST + 1):
        root = ALL_ROOTS[size]
        for index in range(size):
            path = merkle.inclusion(index, size, subtree)
            leaf = HASHES[index]
            assert len(path) <= (size - 1).bit_length()
            assert merkle.includes(leaf, index, size, path, root)
            other = HASHES[(index + 1) % MOST]
            assert not merkle.includes(other, index, size, path, root)
            assert not merkle.includes(leaf, index, size, path, other)
            assert not merkle.includes(leaf, index + 1, size, path, root)
            assert not merkle.includes(leaf, index - 1, size, path, root)
            assert not merkle.includes(leaf, index, size, [*path, root], root)
            for step in range(len(path)):
                bad = path.copy()
                bad[step] = merkle.leaf_hash(bad[step])
                assert not merkle.includes(leaf, index, size, bad, root)
                assert not merkle.includes(leaf, index, size, path[:step] + path[step + 1 :], root)


def test_a_proof_of_one_size_is_refused_for_every_size_of_another_shape():
    for size in range(1, 40):
        for index in range(size):
            path = merkle.inclusion(index, size, subtree)
            for other in range(1, 80):
                if other == size or index >= other:
                    continue
                if len(merkle.inclusion(index, other, subtree)) != len(path):
                    assert not merkle.includes(HASHES[index], index, other, path, ALL_ROOTS[size])
                assert not merkle.includes(HASHES[index], index, other, path, ALL_ROOTS[other])


def test_every_consistency_proof_holds_and_only_for_its_own_trees():
    for new in range(1, MOST + 1):
        for old in range(1, new + 1):
            path = merkle.consistency(old, new, subtree)
            a, b = ALL_ROOTS[old], ALL_ROOTS[new]
            assert merkle.extends(old, a, new, b, path)
            assert not merkle.extends(old, HASHES[0], new, b, path) or a == HASHES[0]
            assert not merkle.extends(old, a, new, HASHES[1], path)
            assert not merkle.extends(old, a, new, b, [*path, a])
            if old < new:
                assert not merkle.extends(old + 1, a, new, b, path)
                assert not merkle.extends(old, b, new, a, path)
            if old > 1:
                assert not merkle.extends(old - 1, a, new, b, path)
            for step in range(len(path)):
                bad = path.copy()
                bad[step] = merkle.leaf_hash(bad[step])
                assert not merkle.extends(old, a, new, b, bad)
                assert not merkle.extends(old, a, new, b, path[:step] + path[step + 1 :])


def test_an_empty_tree_begins_every_tree_and_nothing_else_does_for_free():
    assert merkle.extends(0, merkle.EMPTY_ROOT, 5, ALL_ROOTS[5], [])
    assert not merkle.extends(0, ALL_ROOTS[1], 5, ALL_ROOTS[5], [])
    assert not merkle.extends(0, merkle.EMPTY_ROOT, 5, ALL_ROOTS[5], [ALL_ROOTS[5]])
    assert not merkle.extends(2, ALL_ROOTS[2], 5, ALL_ROOTS[5], [])
    assert not merkle.extends(6, ALL_ROOTS[6], 5, ALL_ROOTS[5], [])


def test_what_is_no_hash_or_no_leaf_is_refused():
    path = merkle.inclusion(3, 7, subtree)
    assert not merkle.includes(HASHES[3][:31], 3, 7, path, ALL_ROOTS[7])
    assert not merkle.includes(HASHES[3], 3, 7, [path[0] + path[1], *path[2:]], ALL_ROOTS[7])
    assert not merkle.includes(HASHES[3], 3, 0, [], HASHES[3])
    for index, size in ((-1, 3), (3, 3), (0, 0)):
        with pytest.raises(ValueError, match="no leaf"):
            merkle.inclusion(index, size, subtree)
    for old, new in ((0, 3), (4, 3), (-1, 3)):
        with pytest.raises(ValueError, match="no tree"):
            merkle.consistency(old, new, subtree)
