"""Whether deploy/k8s holds: every object against Kubernetes' own schemas, names that meet, options that the programs know.

    check_manifests.py FOLDER BIN
"""
import re
import subprocess
import sys
from pathlib import Path

import kubernetes_validate
import yaml

VERSIONS = ("1.31", "1.37")  # the oldest with a stable podFailurePolicy, and the newest the schemas are there for


def fail(where, what):
    sys.exit(f"{where}: {what}")


def read(folder):
    kustomization = yaml.safe_load((folder / "kustomization.yaml").read_text())
    files = {p.name for p in folder.glob("*.yaml")} - {"kustomization.yaml"}
    listed = set(kustomization["resources"]) | {f for m in kustomization["configMapGenerator"] for f in m["files"]}
    if files != listed:
        fail("kustomization.yaml", f"lists {sorted(listed)}, the folder has {sorted(files)}")
    documents = [(name, o) for name in sorted(files) for o in yaml.safe_load_all((folder / name).read_text())]
    return kustomization, [(name, o) for name, o in documents if "kind" in o]  # scale.yaml is the scaler's own


def check_schemas(objects):
    for name, document in objects:
        for version in VERSIONS:
            try:
                kubernetes_validate.validate(document, version, strict=True)
            except kubernetes_validate.ValidationError as error:
                fail(f"{name}, {document['kind']}, schema {version}", f"{error.path}: {error.message}")


def pod_templates(objects):
    return [(o["metadata"]["name"], o["spec"]["template"]) for _, o in objects if "template" in o.get("spec", {})]


def check_names(kustomization, objects):
    templates = pod_templates(objects)
    labels = [t["metadata"]["labels"] for _, t in templates]
    ports = {p["name"] for _, t in templates for c in t["spec"]["containers"] for p in c.get("ports", [])}
    secrets = {s["name"] for s in kustomization["secretGenerator"]}
    configs = {m["name"] for m in kustomization["configMapGenerator"]}
    accounts = {o["metadata"]["name"] for _, o in objects if o["kind"] == "ServiceAccount"}
    claims = {o["metadata"]["name"] for _, o in objects if o["kind"] == "PersistentVolumeClaim"}
    for name, document in objects:
        spec = document.get("spec", {})
        for selector in (spec.get("selector"), spec.get("podSelector")):
            wanted = (selector or {}).get("matchLabels", selector if document["kind"] == "Service" else None)
            if wanted and not any(wanted.items() <= have.items() for have in labels):
                fail(name, f"{document['kind']} selects {wanted}, no pod has it")
        used = [p.get("targetPort") for p in spec.get("ports", [])]
        used += [p["port"] for rule in spec.get("ingress", []) for p in rule["ports"]]
        if missing := set(used) - ports:
            fail(name, f"{document['kind']} names ports {missing}, the pods have {ports}")
    for name, template in templates:
        check_pod(name, template, secrets, configs, claims)
        account = template["spec"].get("serviceAccountName")
        if account and account not in accounts:
            fail(name, f"no service account {account}")


def check_pod(name, template, secrets, configs, claims):
    spec = template["spec"]
    mounted = {v["name"] for v in spec["volumes"]} | {"state"}
    for volume in spec["volumes"]:
        if "secret" in volume and volume["secret"]["secretName"] not in secrets:
            fail(name, f"no generated secret {volume['secret']['secretName']}")
        if "configMap" in volume and volume["configMap"]["name"] not in configs:
            fail(name, f"no generated config map {volume['configMap']['name']}")
        claim = volume.get("persistentVolumeClaim", {}).get("claimName")
        if claim and claim not in claims:
            fail(name, f"no claim {claim}")
    for container in spec["containers"]:
        if missing := {m["name"] for m in container["volumeMounts"]} - mounted:
            fail(name, f"mounts {missing} that are no volumes")


def check_options(objects, folder):
    for name, template in pod_templates(objects):
        for container in template["spec"]["containers"]:
            program = folder / container["image"]
            words = [arg for arg in container["args"] if not arg.startswith("-")][:1]  # a command, where it has some
            help_texts = [subprocess.run([program, *command, "--help"], capture_output=True, text=True).stdout
                          for command in ([], words)]
            known = set(re.findall(r"--[a-z-]+", " ".join(help_texts)))
            options = {arg.split("=")[0] for arg in container["args"] if arg.startswith("-")}
            if unknown := options - known:
                fail(name, f"{container['image']} does not know {sorted(unknown)}")


def main(folder, programs):
    kustomization, objects = read(folder)
    check_schemas(objects)
    check_names(kustomization, objects)
    check_options(objects, programs)
    print(f"{len(objects)} objects hold, against the schemas of {' and '.join(VERSIONS)}")


main(Path(sys.argv[1]), Path(sys.argv[2]))
