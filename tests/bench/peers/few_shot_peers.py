"""The few-shot protocol again, in plain Python and without a line of oodml: the steps of each episode on written
features, recall before and after, mean, 95 % interval and relative gain over the episodes.

    python3 tests/bench/peers/few_shot_peers.py CASE.json

CASE.json (tests/core/few_shot/peer_test.cpp writes one) has the initial head, the rate, margin and beta, and for each
episode the batches that were drawn (features, labels), the triplets that were mined in them, and the features and
labels of the queries. What comes out, as JSON on stdout, the test holds against oodml's own to 1e-4.
"""
import json
import math
import sys


def embed(head, rows):
    """norm(W x + b) and the norms, row by row."""
    out, norms = [], []
    for x in rows:
        z = [sum(w * v for w, v in zip(weight, x)) + bias for weight, bias in zip(head["weight"], head["bias"])]
        n = max(math.sqrt(sum(v * v for v in z)), 1e-12)
        out.append([v / n for v in z])
        norms.append(n)
    return out, norms


def margin_gradient(e, triplets, margin, beta):
    """d loss / d embeddings of the margin loss with a constant beta: the active triplets' mean."""
    grad = [[0.0] * len(e[0]) for _ in e]
    costs = []
    for a, p, n in triplets:
        d_ap = math.sqrt(sum((u - v) ** 2 for u, v in zip(e[a], e[p])) + 1e-8)
        d_an = math.sqrt(sum((u - v) ** 2 for u, v in zip(e[a], e[n])) + 1e-8)
        pull, push = max(0.0, d_ap - beta + margin), max(0.0, beta - d_an + margin)
        if pull > 0 or push > 0:
            costs.append((a, p, n, d_ap, d_an, pull > 0, push > 0))
    for a, p, n, d_ap, d_an, pulls, pushes in costs:
        for k in range(len(e[0])):
            if pulls:
                g = (e[a][k] - e[p][k]) / d_ap / len(costs)
                grad[a][k] += g
                grad[p][k] -= g
            if pushes:
                g = (e[a][k] - e[n][k]) / d_an / len(costs)
                grad[a][k] -= g
                grad[n][k] += g
    return grad


def head_gradient(e, norms, grad, rows):
    """Through the normalisation and the linear layer: [D][F] and [D]."""
    d, f = len(e[0]), len(rows[0])
    weight, bias = [[0.0] * f for _ in range(d)], [0.0] * d
    for unit, n, g, x in zip(e, norms, grad, rows):
        along = sum(u * v for u, v in zip(unit, g))
        for k in range(d):
            dz = (g[k] - unit[k] * along) / n
            bias[k] += dz
            for j in range(f):
                weight[k][j] += dz * x[j]
    return weight + [bias]


class Adam:
    """Betas 0.9 and 0.999, eps 1e-8, no decay."""

    def __init__(self, lr):
        self.lr, self.t, self.m, self.v = lr, 0, None, None

    def step(self, parameters, gradients):
        self.t += 1
        if self.m is None:
            self.m = [[0.0] * len(row) for row in gradients]
            self.v = [[0.0] * len(row) for row in gradients]
        for row, g, m, v in zip(parameters, gradients, self.m, self.v):
            for k in range(len(row)):
                m[k] = 0.9 * m[k] + 0.1 * g[k]
                v[k] = 0.999 * v[k] + 0.001 * g[k] * g[k]
                row[k] -= (self.lr / (1 - 0.9**self.t)) * m[k] / (math.sqrt(v[k] / (1 - 0.999**self.t)) + 1e-8)


def recall(e, labels):
    """Recall@1 of the rows among each other."""
    hits = 0
    for i, a in enumerate(e):
        nearest = min((j for j in range(len(e)) if j != i), key=lambda j: sum((u - v) ** 2 for u, v in zip(a, e[j])))
        hits += labels[nearest] == labels[i]
    return hits / len(e)


def t_quantile(p, dof):
    """Of Student's distribution, by bisection on Simpson's rule of its density."""
    scale = math.exp(math.lgamma((dof + 1) / 2) - math.lgamma(dof / 2)) / math.sqrt(dof * math.pi)
    density = lambda x: scale * (1 + x * x / dof) ** (-(dof + 1) / 2)

    def cdf(x, n=4000):
        h = x / n
        return 0.5 + h / 3 * (density(0) + density(x) + sum((4 if i % 2 else 2) * density(i * h) for i in range(1, n)))

    low, high = 0.0, 100.0
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if cdf(middle) < p else (low, middle)
    return low


def interval(values):
    n = len(values)
    mean = sum(values) / n
    sd = math.sqrt(sum((v - mean) ** 2 for v in values) / (n - 1))
    return mean, t_quantile(0.975, n - 1) * sd / math.sqrt(n)


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        case = json.load(file)
    zero, few, heads = [], [], []
    for episode in case["episodes"]:
        head = json.loads(json.dumps(case["head"]))  # a deep copy: each episode starts from the trained values
        query = episode["query"]
        zero.append(recall(embed(head, query["features"])[0], query["labels"]))
        adam = Adam(case["lr"])
        for step in episode["steps"]:
            e, norms = embed(head, step["features"])
            grad = margin_gradient(e, step["triplets"], case["margin"], case["beta"])
            adam.step(head["weight"] + [head["bias"]], head_gradient(e, norms, grad, step["features"]))
        few.append(recall(embed(head, query["features"])[0], query["labels"]))
        heads.append(head)
    (zero_mean, zero_conf), (few_mean, few_conf) = interval(zero), interval(few)
    print(json.dumps({"zero": zero, "few": few, "heads": heads, "zero_mean": zero_mean, "zero_conf": zero_conf,
                      "few_mean": few_mean, "few_conf": few_conf, "gain": (few_mean - zero_mean) / zero_mean}))


if __name__ == "__main__":
    main()
