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
    if files != set(kustomization["resources"]):
        fail("kustomization.yaml", f"lists {sorted(kustomization['resources'])}, the folder has {sorted(files)}")
    objects = [(name, o) for name in sorted(files) for o in yaml.safe_load_all((folder / name).read_text())]
    return kustomization, objects


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
    claims = {o["metadata"]["name"] for _, o in objects if o["kind"] == "PersistentVolumeClaim"}
    for name, document in objects:
        spec = document["spec"]
        for selector in (spec.get("selector"), spec.get("podSelector")):
            wanted = (selector or {}).get("matchLabels", selector if document["kind"] == "Service" else None)
            if wanted and not any(wanted.items() <= have.items() for have in labels):
                fail(name, f"{document['kind']} selects {wanted}, no pod has it")
        used = [p.get("targetPort") for p in spec.get("ports", [])]
        used += [p["port"] for rule in spec.get("ingress", []) for p in rule["ports"]]
        if missing := set(used) - ports:
            fail(name, f"{document['kind']} names ports {missing}, the pods have {ports}")
    for name, template in templates:
        check_pod(name, template, secrets, claims)


def check_pod(name, template, secrets, claims):
    spec = template["spec"]
    mounted = {v["name"] for v in spec["volumes"]} | {"state"}
    for volume in spec["volumes"]:
        if "secret" in volume and volume["secret"]["secretName"] not in secrets:
            fail(name, f"no generated secret {volume['secret']['secretName']}")
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
            known = set(re.findall(r"--[a-z-]+", subprocess.run([program, "--help"], capture_output=True, text=True).stdout))
            options = {arg.split("=")[0] for arg in container["args"]}
            if unknown := options - known:
                fail(name, f"{container['image']} does not know {sorted(unknown)}")


def main(folder, programs):
    kustomization, objects = read(folder)
    check_schemas(objects)
    check_names(kustomization, objects)
    check_options(objects, programs)
    print(f"{len(objects)} objects hold, against the schemas of {' and '.join(VERSIONS)}")


main(Path(sys.argv[1]), Path(sys.argv[2]))
