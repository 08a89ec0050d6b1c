"""A PyTorch script as a researcher has one: embeds Fashion-MNIST with a small network, trained by a softmax over the
training classes of a split, and reports Recall@1 of its test classes. A few images and a few seconds, for tests."""

import gzip
import json

import torch

import oodml_trial as oodml

trial = oodml.trial(lr=1e-3, embed_dim=32, images_per_class=40, batch_size=40)
torch.set_num_threads(trial.threads)
torch.manual_seed(trial.seed)


def read_idx(name, header):
    with gzip.open(str(trial.benchmark_dir / (name + "-ubyte.gz"))) as file:
        return torch.frombuffer(bytearray(file.read()), dtype=torch.uint8)[header:]


def images_of(classes):
    """The first images of each class, [N, 1, 28, 28], and their labels from 0 on."""
    pixels = read_idx("train-images-idx3", 16).view(-1, 1, 28, 28)
    labels = read_idx("train-labels-idx1", 8)
    names = (trial.benchmark_dir / "classes.txt").read_text().split()
    chosen = [torch.nonzero(labels == names.index(name)).flatten()[: trial.params["images_per_class"]]
              for name in classes]
    targets = torch.cat([torch.full_like(index, label) for label, index in enumerate(chosen)])
    return pixels[torch.cat(chosen)].float() / 255, targets


def recall_at_1(embeddings, labels):
    distances = torch.cdist(embeddings, embeddings).fill_diagonal_(float("inf"))
    return (labels[distances.argmin(1)] == labels).float().mean().item()


split = json.loads((trial.benchmark_dir / "splits.json").read_text())["splits"][trial.split]
images, labels = images_of(split["train"])
test_images, test_labels = images_of(split["test"])
network = torch.nn.Sequential(
    torch.nn.Conv2d(1, 16, 5, stride=2), torch.nn.ReLU(), torch.nn.Conv2d(16, 32, 3, stride=2), torch.nn.ReLU(),
    torch.nn.Flatten(), torch.nn.LazyLinear(trial.params["embed_dim"]))
head = torch.nn.Linear(trial.params["embed_dim"], len(split["train"]))
network(images[:1])
optimizer = torch.optim.Adam([*network.parameters(), *head.parameters()], lr=trial.params["lr"])

start = 0
if trial.resume():
    state = torch.load(str(trial.resume()))
    network.load_state_dict(state["network"])
    head.load_state_dict(state["head"])
    optimizer.load_state_dict(state["optimizer"])
    start = trial.resumed_epoch

for epoch in range(start + 1, trial.epochs + 1):
    order = torch.randperm(len(images), generator=torch.Generator().manual_seed(1000 * trial.seed + epoch))
    for step, index in enumerate(order.split(trial.params["batch_size"])):
        loss = torch.nn.functional.cross_entropy(head(network(images[index])), labels[index])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        trial.progress(epoch - 1, step, loss=loss.item())
    with torch.no_grad():
        recall = recall_at_1(network(test_images), test_labels)
    trial.report(epoch, **{"e_recall@1": recall, "train:loss": loss.item()})
    torch.save({"network": network.state_dict(), "head": head.state_dict(), "optimizer": optimizer.state_dict()},
               "state.pt")
    trial.checkpoint(epoch, "state.pt")
    if trial.should_stop:
        trial.stop(epoch)
trial.done()
