"""Why a trial waits stands on the page, in the words of the command line."""
import unittest
import zipfile

from browser import PageTest
from service import until


def sweep_of(name, **settings):
    """One trial, which wants these."""
    wants = "".join(f"  {key}: {value}\n" for key, value in settings.items())
    return f"""
version: 1
name: {name}
trial:
  benchmark: fashion_mnist
  criterion: multisimilarity
  embed_dim: 16
  crop_size: 28
  resize: 28
  batch_size: 8
  epochs: 1
  evaluate: {{sets: [test], metrics: [nmi]}}
{wants}matrix:
  seed: [0]
"""


class WaitingTest(PageTest):
    def expect(self, reason, name, **settings):
        """The reason, on the trial's page and in the sweep's list, where no slot of the workers suits it."""
        sweep = self.service.submit(sweep_of(name, **settings))
        trial = self.service.json("show", sweep)["trials"][0]
        page = self.open(f"/trial/{trial['id']}?sweep={sweep}")
        note = page.locator(".head p", has_text="Waits: ")
        note.filter(has_text=reason).wait_for()
        self.assertIn(note.inner_text().removeprefix("Waits: "), self.service.oodml("show", "trial", trial["id"]))
        page = self.open(f"/sweep/{sweep}/trials")
        page.locator(f"tr[data-trial='{trial['id']}']", has_text=reason).wait_for()

    def wait_for_worker(self):
        until(lambda: self.service.json("workers")["workers"], 30, "the worker is known")


class SlotTest(WaitingTest):
    @classmethod
    def prepare(cls):
        cls.service.worker(slots=1)

    def setUp(self):
        self.wait_for_worker()

    def test_that_no_slot_has_the_threads_is_said(self):
        self.expect("wants 64 CPU threads, slot cpu:0 has 1", "threads", arch="small_conv_normalize", cpu_threads=64)

    def test_that_no_worker_runs_scripts_is_said(self):
        with zipfile.ZipFile(self.service.folder / "net.pt", "w") as module:
            module.writestr("net/constants.pkl", "")
        self.expect("it runs no scripts (started without --allow-scripts)", "scripts", arch="script:net.pt_normalize")


class GpuTest(WaitingTest):
    @classmethod
    def prepare(cls):
        cls.service.worker(slots=0, gpus_mib=(16_000,))

    def setUp(self):
        self.wait_for_worker()

    def test_that_no_gpu_has_the_memory_is_said(self):
        self.expect("wants 40000 MiB of GPU memory, slot cuda:0 has 16000", "memory", arch="small_conv_normalize",
                    gpu_memory_mib=40_000)

    def test_that_no_slot_has_as_many_gpus_is_said(self):
        self.expect("wants 2 GPUs for its replicas, slot cuda:0 has 1", "replicas", arch="small_conv_normalize",
                    replicas=2)


if __name__ == "__main__":
    unittest.main()
