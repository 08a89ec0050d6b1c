"""A file of embeddings, and what PyTorch finds in them."""
import ctypes
import json
import struct

import torch


def write_embeddings(folder, rows, width, classes):
    """A .safetensors file of unit rows around a centre a class; returns it with both tensors."""
    generator = torch.Generator().manual_seed(0)
    labels = torch.arange(rows) % classes
    centres = torch.randn(classes, width, generator=generator)
    embeddings = torch.nn.functional.normalize(centres[labels] + 4 * torch.randn(rows, width, generator=generator))
    parts, header, offset = [], {}, 0
    for name, tensor, kind in (("embeddings", embeddings, "F32"), ("labels", labels, "I64")):
        data = ctypes.string_at(tensor.contiguous().data_ptr(), tensor.numel() * tensor.element_size())
        header[name] = {"dtype": kind, "shape": list(tensor.shape), "data_offsets": [offset, offset + len(data)]}
        offset += len(data)
        parts.append(data)
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    file = folder / "embeddings.safetensors"
    file.write_bytes(struct.pack("<Q", len(text)) + text + b"".join(parts))
    return file, embeddings, labels


def recall_at_1(embeddings, labels, device, tile=2048):
    rows, own, hits = embeddings.to(device).double(), labels.to(device), 0
    for first in range(0, len(rows), tile):
        similarity = rows[first:first + tile] @ rows.T
        here = torch.arange(len(similarity), device=rows.device)
        similarity[here, here + first] = -2
        hits += (own[similarity.argmax(1)] == own[first:first + tile]).sum().item()
    return hits / len(rows)
