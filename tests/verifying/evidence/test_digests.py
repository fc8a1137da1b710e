"""Roots, ids and signatures against published vectors (S13.4, S13.5, RFC 6962, RFC 8032)."""

import base64
import hashlib

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from cogov_opt.verifying import digests, draws, signatures, verify

# The leaves and roots that implementations of RFC 6962 test against.
LEAVES = (
    "", "00", "10", "2021", "3031", "40414243", "5051525354555657",
    "606162636465666768696a6b6c6d6e6f",
)  # fmt: skip
ROOTS = (
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
)


def test_known_roots():
    """The tree hash of one to eight leaves, and of none."""
    hashes = [hashlib.sha256(b"\x00" + bytes.fromhex(leaf)).digest() for leaf in LEAVES]

    assert [digests.tree(hashes[: n + 1]).hex() for n in range(8)] == list(ROOTS)
    assert digests.tree([]).hex() == hashlib.sha256(b"").hexdigest()


def test_leaves_of_a_folder(pack):
    """Leaves are path NUL bytes, sorted by path bytes, seals left out."""
    files = {
        "b": b"2",
        "a/z": b"1",
        "a-b": b"3",
        "é": b"4",
        "checkpoint": b"x",
        "provenance.json": b"y",
    }
    leaves = {path: digests.leaf(path, data) for path, data in files.items()}
    order = ("a-b", "a/z", "b", "é")
    hashes = [hashlib.sha256(b"\x00" + p.encode() + b"\x00" + files[p]).digest() for p in order]

    assert digests.root(leaves) == pack.tree(hashes).hex()


def test_run_id_leaves_repairs_out():
    """What was repaired on load is told, and changes no id (S13.5)."""
    told = {"inputs/a.csv": "1", "policy.toml": "2", "run.json": "3"}
    more = {**told, "inputs/repairs.jsonl": "4", "allocation.csv": "5"}

    assert digests.run_id(told, "optimum", {}, 1) == digests.run_id(more, "optimum", {}, 1)
    assert digests.run_id(told, "optimum", {}, 1) != digests.run_id(told, "optimum", {}, 2)


# RFC 8032, 7.1: TEST 1, 2, 3 and SHA(abc): key, message, signature.
VECTORS = (
    (
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b4"
        "6bd25bf5f0595bbe24655141438e7a100b",
    ),
    (
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d"
        "8c387b2eaeb4302aeeb00d291612bb0c00",
    ),
    (
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6"
        "594a7c15e9716ed28dc027beceea1ec40a",
    ),
    (
        "ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf",
        "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
        "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f",
        "dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b58909351fc9ac90b3ecfdfbc7c66431e0"
        "303dca179c138ac17ad9bef1177331a704",
    ),
)  # fmt: skip


@pytest.mark.parametrize(("key", "message", "signature"), VECTORS)
def test_published_signatures(key, message, signature):
    """A published signature is good; with any bit of it turned it is not."""
    public, text, good = bytes.fromhex(key), bytes.fromhex(message), bytes.fromhex(signature)

    assert signatures.verify(public, text, good)
    assert not signatures.verify(public, text + b"x", good)
    for byte in (0, 31, 32, 63):
        bad = good[:byte] + bytes([good[byte] ^ 1]) + good[byte + 1 :]
        assert not signatures.verify(public, text, bad)


def test_malformed_signatures():
    """Wrong lengths, a factor beyond the order, points that are none."""
    public, good = bytes.fromhex(VECTORS[0][0]), bytes.fromhex(VECTORS[0][2])
    factor = int.from_bytes(good[32:], "little") + signatures.ORDER

    assert not signatures.verify(public, b"", good[:32] + factor.to_bytes(32, "little"))
    assert not signatures.verify(public[:31], b"", good)
    assert not signatures.verify(public, b"", good + b"\0")
    assert not signatures.verify(b"\xff" * 32, b"", good)
    assert not signatures.verify(public, b"", b"\x02" + b"\0" * 63)
    assert not signatures.verify(b"\x01" + b"\0" * 30 + b"\x80", b"", good)


@pytest.fixture
def signed(rivals, tmp_path):
    """A signed run: its folder, and the key in three spellings."""
    secret = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
    public = secret.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    hashed = hashlib.sha256(b"street.example\n\x01" + public).digest()[:4]
    path = rivals / "checkpoint"
    signature = base64.b64encode(hashed + secret.sign(path.read_bytes())).decode()
    path.write_text(f"{path.read_text()}\n\u2014 street.example {signature}\n", encoding="utf-8")
    typed = base64.b64encode(b"\x01" + public).decode()
    files = {
        "note": f"street.example+{hashed.hex()}+{typed}",
        "hex": public.hex() + "\n",
        "pem": secret.public_key()
        .public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
        .decode(),
    }
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    return rivals, tmp_path


@pytest.mark.parametrize("spelling", ["note", "hex", "pem"])
def test_a_signed_run_is_authenticated(signed, spelling):
    """The key held elsewhere vouches for the root (S13.4)."""
    folder, keys = signed
    verdict = verify(folder, key=keys / spelling)

    assert verdict.accepted
    assert verdict.authenticated
    assert verify(folder).accepted
    assert not verify(folder).authenticated


def test_another_key_is_not_enough(signed, pack):
    """Another key, no key at all in the file, an unsigned or edited run."""
    folder, keys = signed
    (keys / "other").write_text(VECTORS[0][0])
    (keys / "none").write_bytes(b"\xff\x00")

    assert pack.codes(folder, key=keys / "other") == {"signature"}
    assert pack.codes(folder, key=keys / "none") == {"signature"}
    assert pack.codes(folder, key=keys / "missing") == {"signature"}
    (folder / "unmet.csv").write_text("x")
    assert not verify(folder, key=keys / "hex").authenticated
    pack.reseal(folder)
    assert "signature" in pack.codes(folder, key=keys / "hex")


def test_rank_of_the_draw():
    """The first 20 bits of a digest, centred; agreements of one use count down (S11.1)."""
    text = b'["abc","rank",0,"N-1","V-1","O1"]'
    first = int(hashlib.sha256(text).hexdigest()[:5], 16) - 2**19

    assert draws.rank("abc", 0, ("N-1", "V-1", "O1")) == first
    assert draws.rank_of("abc", 0, ("x", "N-1", "V-1", "O1", "G-2"), 1) == first - 1
    text = b'["abc","rank",1,"","D-1","O1"]'
    wide = (int(hashlib.sha256(text).hexdigest()[:9], 16)) - 2**35
    assert draws.rank("abc", 1, ("", "D-1", "O1"), bits=36) == wide
    assert -(2**19) <= draws.rank_of("abc", 1, ("y", "D-1", "O1")) < 2**19
