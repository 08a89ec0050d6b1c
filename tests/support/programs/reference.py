#!/usr/bin/env python3
"""A training program as people write one, for tests: params.do says what it does. What it "trains" is a number that
every epoch changes, so that figures show whether each epoch was done exactly once."""

import os
import signal
import sys
import time

import oodml_trial as oodml

trial = oodml.trial(lr=0.5, do="train", at=2)
do, first = trial.params["do"], trial.attempt == 1


class OutOfMemoryError(RuntimeError):
    """PyTorch's is called so."""


def misbehave(epoch):
    """What `do` says, where it is more than training."""
    if do == "crash" and first:
        os.kill(os.getpid(), signal.SIGKILL)
    if do == "memory":
        raise OutOfMemoryError("CUDA out of memory. Tried to allocate 20.00 MiB")
    if do == "memory_text":
        print("torch.OutOfMemoryError: CUDA out of memory. Tried to allocate 20.00 GiB. " + "GPU 0 has. " * 60)
        os._exit(1)
    if do == "nan":
        trial.report(epoch, loss=float("nan"))
    if do == "error":
        raise ValueError("no such image\nline two = 2 % of it")
    if do == "parameter":
        trial.params["depth"]
    if do == "exit":
        os._exit(trial.params["code"])
    if do == "garbage":
        for line in (b"\x00\xff\xfe\n", b"metric epoch=x\n", b"metric " + b"y" * 200_000 + b"\n", b"\n",
                     b"unknown verb=1\n", b"hello version=9 device=moon\n", b"identity results_version=99 program=other\n"):
            os.write(3, line)
    if do == "wait":
        print("waiting")
        while not trial.should_stop:
            time.sleep(0.01)
    if do == "deaf":
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        print("deaf")
        time.sleep(600)


value, start = 1.0, 0
if trial.resume():
    value, start = float(trial.resume().read_text()), trial.resumed_epoch
for epoch in range(start + 1, trial.epochs + 1):
    if epoch == trial.params["at"]:
        misbehave(epoch)
    value = value * trial.params["lr"] + trial.seed
    trial.report(epoch, **{"e_recall@1": value, "train:loss": 1 / epoch})
    with open("value.txt", "w") as file:
        file.write(repr(value))
    trial.checkpoint(epoch, "value.txt")
    if trial.should_stop:
        trial.stop(epoch)
trial.keep_best(trial.epochs, "value.txt")
if do != "silent":
    trial.done()
