"""Writes pairs.pt, the criterion of handover_test.cpp: python make_pairs.py (torch)."""

import pathlib

import torch


class Pairs(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.margin = torch.nn.Parameter(torch.tensor(1.0))
    def forward(self, embeddings: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
        distances = torch.cdist(embeddings, embeddings)
        same = labels.unsqueeze(0) == labels.unsqueeze(1)
        return distances[same].mean() + torch.relu(self.margin - distances[~same]).mean()


torch.jit.script(Pairs()).save(pathlib.Path(__file__).parent / "pairs.pt")
