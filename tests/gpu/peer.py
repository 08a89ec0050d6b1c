"""One training step of resnet50 in PyTorch: the peer of ours."""
import time

import torch


def step_seconds(device, batch, side, precision, compiled, warm=5, timed=20):
    """Seconds of a step on images that lie on the device: forward, a triplet loss, backward, Adam."""
    from torchvision.models import resnet50
    torch.manual_seed(0)
    network = resnet50()
    network.fc = torch.nn.Linear(2048, 16)
    network = network.to(device).train()
    forward = torch.compile(network) if compiled else network
    optimiser = torch.optim.Adam(network.parameters(), lr=1e-5)
    images = torch.randn(batch, 3, side, side, device=device)
    rows = torch.arange(batch, device=device)

    def step():
        with torch.autocast(torch.device(device).type, torch.bfloat16, enabled=precision == "bfloat16"):
            embeddings = torch.nn.functional.normalize(forward(images)).float()
        loss = torch.nn.functional.triplet_margin_loss(embeddings, embeddings[rows ^ 1], embeddings[rows.flip(0)], margin=0.2)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()

    for _ in range(warm):
        step()
    torch.cuda.synchronize(device)
    began = time.monotonic()
    for _ in range(timed):
        step()
    torch.cuda.synchronize(device)
    return (time.monotonic() - began) / timed
