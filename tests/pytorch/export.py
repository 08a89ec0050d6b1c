"""Exports small networks and losses of timm, torchvision and pytorch-metric-learning as docs/pytorch.md says, and beside
each what Python computes with it: export.py FOLDER writes NAME.pt and NAME.safetensors."""

import sys
import types
import warnings
from pathlib import Path

import torch

warnings.filterwarnings("ignore")  # TorchScript is deprecated; docs/pytorch.md says what there is instead
try:
    import torchvision
except RuntimeError:
    # The wheel's own operators are built for CUDA and do not load beside a PyTorch for CPUs; no network here uses them.
    operators = torch.library.Library("torchvision", "DEF")
    for name in ("nms", "qnms"):
        operators.define(f"{name}(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")
    for name in [name for name in sys.modules if name.split(".")[0] == "torchvision"]:
        del sys.modules[name]
    import torchvision
import timm
from pytorch_metric_learning import losses
from safetensors.torch import save_file


class Backbone(torch.nn.Module):
    """What docs/pytorch.md#backbones puts around a network."""

    def __init__(self, net, width, size, mean, std):
        super().__init__()
        self.net, self.feature_width, self.input_size, self.mean, self.std = net, width, size, mean, std

    def forward(self, images):
        return self.net(images)


class Loss(torch.nn.Module):
    """What docs/pytorch.md#criteria puts around a traced loss."""

    def __init__(self, loss):
        super().__init__()
        self.loss = loss

    def forward(self, embeddings, labels):
        return self.loss(embeddings, labels)


HALF = [0.5, 0.5, 0.5]
IMAGENET = [0.485, 0.456, 0.406], [0.229, 0.224, 0.225]


def vit(**options):
    return timm.create_model("vit_tiny_patch16_224", img_size=32, depth=2, num_classes=0, **options)


def timm_scripted():
    return torch.jit.script(Backbone(vit(scriptable=True), 192, 32, HALF, HALF))


def timm_traced():
    traced = torch.jit.trace(vit().eval(), torch.rand(2, 3, 32, 32))
    return torch.jit.script(Backbone(traced, 192, 32, HALF, HALF))


def torchvision_scripted():
    net = torchvision.models.resnet18()
    net.fc = torch.nn.Identity()
    return torch.jit.script(Backbone(net, 512, 32, *IMAGENET))


def gradients(module, prefix=""):
    return {f"gradient {prefix}{name}": p.grad for name, p in module.named_parameters() if p.grad is not None}


def save(tensors, file):
    save_file({name: tensor.detach().contiguous() for name, tensor in tensors.items()}, file)


def write_backbone(folder, name, module):
    module.save(str(folder / f"{name}.pt"))
    module.eval()  # and so as `frozen`
    images = torch.rand(4, 3, 32, 32, generator=torch.Generator().manual_seed(1))
    features = module(images)
    features.square().mean().backward()
    save({"images": images, "features": features, **gradients(module)}, folder / f"{name}.safetensors")


def write_loss(folder, name, loss):
    rows = torch.nn.functional.normalize(torch.randn(12, 8, generator=torch.Generator().manual_seed(2)))
    labels = torch.arange(12) // 3
    module = torch.jit.script(Loss(torch.jit.trace(loss, (rows[:8], torch.arange(8) // 2), check_trace=False)))
    module.save(str(folder / f"{name}.pt"))
    rows.requires_grad_()
    value = loss(rows, labels)  # eager Python, not the trace
    value.backward()
    save({"rows": rows, "labels": labels, "loss": value, "gradient": rows.grad, **gradients(loss, "loss.")},
         folder / f"{name}.safetensors")


def main(folder):
    torch.manual_seed(0)
    torch.set_num_threads(1)
    for make in (timm_scripted, timm_traced, torchvision_scripted):
        write_backbone(folder, make.__name__, make())
    of_classes = {"num_classes": 4, "embedding_size": 8}
    write_loss(folder, "multi_similarity", losses.MultiSimilarityLoss())
    write_loss(folder, "nt_xent", losses.NTXentLoss())
    write_loss(folder, "proxy_anchor", losses.ProxyAnchorLoss(**of_classes))
    write_loss(folder, "arcface", losses.ArcFaceLoss(**of_classes))


main(Path(sys.argv[1]))
