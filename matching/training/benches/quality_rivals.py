#!/usr/bin/env python3
"""Compares the shipped weights with rivals on the same questions and the same bids, with significance tests.

    python3 matching/training/benches/quality_rivals.py DUMP_DIR... [--weights FILE...]

With --weights, the net's measures are means over several nets, such as those of `--example train -- ... --keep-seeds`.
The dump folders are from Stack Exchange (Posts.xml, Votes.xml). The net's log-odds and the labels come from
`cargo run --release -p matching-training --example evaluate -- ... --export`, the bids from
`--example award -- ... --export`.

The rivals are logistic regression (scikit-learn) and LambdaRank (LightGBM). They get ten plain features of their own,
and in a second run the net's ten. For bids they get the same fourteen inputs. The script installs them from PyPI into a
folder of their own. All train on the first 70 % of each site's questions and are evaluated on the last 20 %. Measures
of randomised rivals are means over five seeds.
"""

import argparse
import collections
import csv
import html
import math
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import venv
import xml.etree.ElementTree as ElementTree
from datetime import datetime, timezone

ROOT = pathlib.Path(__file__).resolve().parents[3]
PACKAGES = ["numpy", "scipy", "scikit-learn", "lightgbm"]
SEEDS = range(5)
RESAMPLES = 10_000
AUC_RESAMPLES = 2_000
# One pair in two hundred is a bid. LambdaRank ranks worse if it trains on all the negative pairs.
NEGATIVES = 60
DAY = 86_400.0
# The columns of an exported pair besides its features.
PAIR = ["site", "question", "split", "freelancer", "relevance"]
ANSWERS = ["log_odds", "interest", "choice"]


def in_own_environment():
    """Restarts this script in an environment that has the rivals."""
    folder = pathlib.Path(os.environ.get("QUALITY_RIVALS_VENV", pathlib.Path(tempfile.gettempdir()) / "quality-rivals"))
    python = folder / "bin" / "python"
    if pathlib.Path(sys.prefix) == folder:
        return
    if not python.exists():
        venv.create(folder, with_pip=True)
    subprocess.run([python, "-m", "pip", "install", "--quiet", *PACKAGES], check=True)
    os.execve(python, [str(python), *sys.argv], os.environ | {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"})


def rows_of(path):
    for _, element in ElementTree.iterparse(path):
        if element.tag == "row":
            yield dict(element.attrib)
            element.clear()


def seconds(text):
    return datetime.fromisoformat(text).replace(tzinfo=timezone.utc).timestamp()


class Worker:
    """The record of a user who has answered, in plain totals."""

    def __init__(self):
        self.answers = self.votes = self.hires = 0
        self.last = 0.0
        self.delays, self.hours, self.tags = [], collections.Counter(), collections.Counter()
        self.text = None


def plain_features(folder):
    """Returns {(question, freelancer): ten features as of the question}, such as totals and TF-IDF of all work."""
    from sklearn.feature_extraction.text import TfidfVectorizer

    posts = list(rows_of(folder / "Posts.xml"))
    questions = {post["Id"]: post for post in posts if post["PostTypeId"] == "1"}
    answers = [p for p in posts if p["PostTypeId"] == "2" and "OwnerUserId" in p and p["ParentId"] in questions]
    ordered = sorted(questions.values(), key=lambda question: question["CreationDate"])
    train_until = seconds(ordered[int(len(ordered) * 0.7)]["CreationDate"])
    texts = {}
    for post in [*questions.values(), *answers]:
        body = html.unescape(re.sub(r"<[^>]+>", " ", post.get("Body", "")))
        texts[post["Id"]] = f"{post.get('Title', '')} {post.get('Title', '')} {body}"
    model = TfidfVectorizer(stop_words="english", sublinear_tf=True, min_df=2)
    created = {post["Id"]: seconds(post["CreationDate"]) for post in [*questions.values(), *answers]}
    model.fit([text for post, text in texts.items() if created[post] < train_until])
    place = {post: row for row, post in enumerate(texts)}
    matrix = model.transform(texts.values())
    tags = {key: re.findall(r"[^<>|]+", question.get("Tags", "")) for key, question in questions.items()}
    author = {answer["Id"]: answer["OwnerUserId"] for answer in answers}

    # At equal times a question comes first, because it may only use strictly earlier events.
    events = [(created[key], 0, "question", question) for key, question in questions.items()]
    events += [(created[answer["Id"]], 2, "answer", answer) for answer in answers]
    for vote in rows_of(folder / "Votes.xml"):
        if vote["VoteTypeId"] in "123" and vote["PostId"] in author:
            events.append((seconds(vote["CreationDate"]) + DAY, 1, "vote", vote))
    events.sort(key=lambda event: event[:2])

    workers, found = {}, {}
    for now, _, kind, what in events:
        if kind == "vote":
            worker = workers.get(author[what["PostId"]])
            if worker and what["VoteTypeId"] == "1":
                worker.hires += 1
            elif worker:
                worker.votes += 1 if what["VoteTypeId"] == "2" else -1
        elif kind == "answer":
            worker = workers.setdefault(what["OwnerUserId"], Worker())
            worker.answers += 1
            worker.last = now
            worker.tags.update(tags[what["ParentId"]])
            worker.hours[int(now % DAY // 3600)] += 1
            worker.delays.append(math.log1p((now - created[what["ParentId"]]) / 60))
            work = matrix[place[what["Id"]]] + matrix[place[what["ParentId"]]]
            worker.text = work if worker.text is None else worker.text + work
        else:
            wanted, text, hour = tags[what["Id"]], matrix[place[what["Id"]]], int(now % DAY // 3600)
            for name, worker in workers.items():
                if name == what.get("OwnerUserId"):
                    continue
                delays = sorted(worker.delays)
                length = math.sqrt(worker.text.multiply(worker.text).sum()) or 1.0
                found[what["Id"], name] = [
                    sum(tag in worker.tags for tag in wanted) / max(len(wanted), 1),
                    math.log1p(sum(worker.tags[tag] for tag in wanted)),
                    worker.votes / (worker.answers + 3),
                    math.log1p(worker.hires),
                    (worker.hires + 0.6) / (worker.answers + 2),
                    delays[len(delays) // 2],
                    math.exp(-(now - worker.last) / (30 * DAY)),
                    sum(worker.hours[(hour + shift) % 24] for shift in (-1, 0, 1)) / (worker.answers + 3),
                    float(text.multiply(worker.text).sum()) / length,
                    math.log1p(worker.answers),
                ]
    return found


def exported(example, folders, temporary, *options):
    """Returns the rows that an example of the crate exports."""
    path = pathlib.Path(temporary) / f"{example}.csv"
    command = ["cargo", "run", "--release", "-p", "matching-training", "--example", example, "--"]
    subprocess.run([*command, *map(str, folders), *options, "--export", str(path)], cwd=ROOT, check=True)
    with open(path, newline="") as file:
        return list(csv.DictReader(file))


def ndcg_by_question(questions, relevance, scores):
    """NDCG@10 of every question with an answer by a candidate, with gain 2^relevance - 1."""
    import numpy

    discount = 1 / numpy.log2(numpy.arange(2, 12))
    measures = []
    for start, end in questions:
        wanted = relevance[start:end]
        if wanted.max() == 0:
            continue
        gains = 2.0 ** wanted[numpy.argsort(-scores[start:end], kind="stable")][:10] - 1
        ideal = 2.0 ** numpy.sort(wanted)[::-1][:10] - 1
        measures.append((gains * discount[: len(gains)]).sum() / (ideal * discount[: len(ideal)]).sum())
    return numpy.array(measures)


def edges_of(keys):
    starts = [row for row in range(len(keys)) if row == 0 or keys[row] != keys[row - 1]]
    return list(zip(starts, [*starts[1:], len(keys)]))


def trees_of(seed):
    """The settings of LightGBM."""
    return dict(
        n_estimators=200, learning_rate=0.03, num_leaves=15, min_child_samples=50, subsample=0.8, subsample_freq=1,
        colsample_bytree=0.7, random_state=seed, verbose=-1, n_jobs=1,
    )


def rivals(features, relevance, keys, seed):
    """Trains each rival with common settings, on all positive pairs and NEGATIVES times as many negative ones."""
    import lightgbm
    import numpy
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    happened = relevance > 0
    kept = happened | (numpy.random.RandomState(seed).rand(len(relevance)) < NEGATIVES * happened.mean())
    features, relevance, keys = features[kept], relevance[kept], [key for key, is_kept in zip(keys, kept) if is_kept]
    regression = make_pipeline(StandardScaler(), LogisticRegression(max_iter=2000)).fit(features, relevance > 0)
    yield "logistic regression", lambda rows: regression.decision_function(rows)
    ranker = lightgbm.LGBMRanker(**trees_of(seed))
    ranker.fit(features, relevance, group=[end - start for start, end in edges_of(keys)])
    yield "LightGBM LambdaRank", ranker.predict


def compare_choice(features, relevance, train, test, ours):
    """Prints how well the nets, and rivals with the same ten features, predict the hired proposals."""
    import lightgbm
    import numpy
    from sklearn.linear_model import LogisticRegression
    from sklearn.metrics import roc_auc_score
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    train, test = train & (relevance > 0), test & (relevance > 0)
    hired = relevance > 1
    print(f"\n{test.sum()} proposals, {hired[test].sum()} hired\n\n{'':42}AUC of choice")
    print(f"{'the net':42}{numpy.mean([roc_auc_score(hired[test], scores[test]) for scores in ours]):.4f}")
    regression = make_pipeline(StandardScaler(), LogisticRegression(max_iter=2000)).fit(features[train], hired[train])
    area = roc_auc_score(hired[test], regression.decision_function(features[test]))
    print(f"{'logistic regression':42}{area:.4f}")
    areas = []
    for seed in SEEDS:
        trees = lightgbm.LGBMClassifier(**trees_of(seed)).fit(features[train], hired[train])
        areas.append(roc_auc_score(hired[test], trees.predict_proba(features[test])[:, 1]))
    print(f"{'LightGBM':42}{numpy.mean(areas):.4f}")


def p_value(ours, theirs):
    """The one-sided p-value of a paired bootstrap over questions: how often ours is not better."""
    import numpy

    random = numpy.random.default_rng(0)
    differences = ours - theirs
    drawn = random.integers(0, len(differences), (RESAMPLES, len(differences)))
    return ((differences[drawn].mean(1) <= 0).sum() + 1) / (RESAMPLES + 1)


def mean_precision(projects, hired, scores):
    """The share of the projects whose best bid was hired."""
    return sum(hired[start:end][scores[start:end].argmax()] for start, end in projects) / len(projects)


def auc_p_value(projects, hired, ours, theirs):
    """The one-sided p-value of a paired bootstrap over projects: how often our AUC is not greater."""
    import numpy
    from sklearn.metrics import roc_auc_score

    random = numpy.random.default_rng(0)
    rows = [numpy.arange(start, end) for start, end in projects]
    not_greater = 0
    for _ in range(AUC_RESAMPLES):
        drawn = numpy.concatenate([rows[project] for project in random.integers(0, len(rows), len(rows))])
        not_greater += roc_auc_score(hired[drawn], ours[drawn]) <= roc_auc_score(hired[drawn], theirs[drawn])
    return (not_greater + 1) / (AUC_RESAMPLES + 1)


def compare_bids(bids):
    """Prints how well the hired bid is predicted, by the shipped model and by its rivals with the same inputs."""
    import lightgbm
    import numpy
    from sklearn.metrics import roc_auc_score

    names = [name for name in bids[0] if name not in ("site", "question", "split", "hired", "probability")]
    features = numpy.array([[float(bid[name] or "nan") for name in names] for bid in bids])
    features = numpy.where(numpy.isnan(features), numpy.nanmean(features, 0), features)
    hired = numpy.array([int(bid["hired"]) for bid in bids])
    ours = numpy.array([float(bid["probability"]) for bid in bids])
    keys = [(bid["site"], bid["question"]) for bid in bids]
    train, test = (numpy.array([bid["split"] == split for bid in bids]) for split in ("train", "test"))
    training_keys = [key for key, is_train in zip(keys, train) if is_train]
    projects = edges_of([key for key, is_test in zip(keys, test) if is_test])
    is_hired = hired[test]

    print(f"\n{len(projects)} contested projects\n\n{'':42}AUC       P@1       p of an AUC no greater")
    print(f"{'the shipped model':42}{roc_auc_score(is_hired, ours[test]):.4f}    ", end="")
    print(f"{mean_precision(projects, is_hired, ours[test]):.4f}")
    measured = collections.defaultdict(list)
    for seed in SEEDS:
        for name, score in rivals(features[train], hired[train], training_keys, seed):
            measured[name].append(score(features[test]))
        trees = lightgbm.LGBMClassifier(**trees_of(seed)).fit(features[train], hired[train])
        measured["LightGBM classifier"].append(trees.predict_proba(features[test])[:, 1])
    for name, runs in measured.items():
        areas = numpy.mean([roc_auc_score(is_hired, scores) for scores in runs])
        precision = numpy.mean([mean_precision(projects, is_hired, scores) for scores in runs])
        p = auc_p_value(projects, is_hired, ours[test], numpy.mean(runs, axis=0))
        print(f"{name:42}{areas:.4f}    {precision:.4f}    {p:.4f}")


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", metavar="DUMP_DIR", nargs="+", type=lambda folder: pathlib.Path(folder).resolve())
    parser.add_argument("--weights", metavar="FILE", nargs="+", type=lambda file: pathlib.Path(file).resolve())
    return parser.parse_args()


def main():
    wanted = arguments()
    in_own_environment()
    import numpy

    folders, nets = wanted.folders, wanted.weights or [None]
    with tempfile.TemporaryDirectory() as temporary:
        answers = []
        for weights in nets:
            pairs = exported("evaluate", folders, temporary, *(["--weights", str(weights)] if weights else []))
            answers.append({answer: numpy.array([float(pair[answer]) for pair in pairs]) for answer in ANSWERS})
        bids = exported("award", folders, temporary, "--out", temporary)
    names = [name for name in pairs[0] if name not in {*PAIR, *ANSWERS}]
    plain = [plain_features(folder) for folder in folders]
    ours = numpy.array([[float(pair[name] or "nan") for name in names] for pair in pairs])
    ours = numpy.where(numpy.isnan(ours), numpy.nanmean(ours, 0), ours)
    theirs = numpy.array([plain[int(pair["site"])][pair["question"], pair["freelancer"]] for pair in pairs])
    relevance = numpy.array([int(pair["relevance"]) for pair in pairs])
    split = numpy.array([pair["split"] for pair in pairs])
    keys = [(pair["site"], pair["question"]) for pair in pairs]
    train, test = split == "train", split == "test"
    questions = edges_of([key for key, is_test in zip(keys, test) if is_test])

    runs = [ndcg_by_question(questions, relevance[test], answer["log_odds"][test]) for answer in answers]
    net = numpy.mean(runs, axis=0)
    print(f"\n{len(net)} questions answered by a candidate\n\n{'':42}NDCG@10   p that the net is not better")
    print(f"{'the shipped net' if wanted.weights is None else f'mean of {len(nets)} nets':42}{net.mean():.4f}")
    training_keys = [key for key, is_train in zip(keys, train) if is_train]
    for title, features in (("ten plain features", theirs), ("the net's features", ours)):
        measured = collections.defaultdict(list)
        for seed in SEEDS:
            for name, score in rivals(features[train], relevance[train], training_keys, seed):
                measured[name].append(ndcg_by_question(questions, relevance[test], score(features[test])))
        for name, runs in measured.items():
            mean = numpy.mean(runs, axis=0)
            print(f"{f'{name}, {title}':42}{mean.mean():.4f}    {p_value(net, mean):.4f}")
    compare_choice(ours, relevance, train, test, [answer["choice"] for answer in answers])
    compare_bids(bids)


if __name__ == "__main__":
    main()
