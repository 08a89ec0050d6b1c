// The trials of a selection in the order of their ids, asked for page by page as somebody scrolls.
import {int, labelOf, list} from "../service/wire.js";

const kFirstPage = 250;
const kLargestPage = 4000;

export class TrialPages {
  /// `selection`: {states: [..], filter: [{axis, label}]}.
  constructor(page, sweep, selection) {
    Object.assign(this, {page, sweep, selection});
    this.trials = [];
    this.places = new Map(); // by id
    this.next = 0;
    this.size = kFirstPage;
    this.isWhole = false;
  }

  /// Asks until there are `count` rows, or all. `onMore` after each page.
  async reach(count, onMore) {
    this.wanted = Math.max(this.wanted ?? 0, count);
    this.reaching ??= this.#read(onMore).finally(() => {
      this.reaching = null;
    });
    await this.reaching;
  }

  /// A page that is there already: the answer to Get without a selection.
  take(reply) {
    for (const trial of this.#mine(list(reply.trials))) {
      const heard = this.sweep.heard.get(int(trial.trialId));
      this.put(heard ? {...heard, labels: trial.labels} : trial, true);
    }
    this.next = int(reply.nextAfterTrialId);
    this.isWhole = this.next === 0;
  }

  async #read(onMore) {
    while (!this.isWhole && this.trials.length < this.wanted) {
      this.take(await this.#ask(this.next, this.size));
      this.size = Math.min(4 * this.size, kLargestPage); // who scrolls far wants much
      onMore();
    }
  }

  /// Asks again for the rows [first, end), which somebody sees.
  async renew(first, end) {
    const seen = this.trials.slice(first, end);
    if (seen.length === 0) return;
    const isSelectedByState = this.selection.states.length > 0;
    const reply = await this.#ask(int(seen[0].trialId) - 1, isSelectedByState ? kLargestPage : seen.length, []);
    for (const trial of list(reply.trials)) this.put(trial, false);
  }

  /// Takes news of a trial; of one that is not in the selection only where `isNew` says that it comes next.
  put(trial, isNew) {
    const id = int(trial.trialId);
    const place = this.places.get(id);
    if (place !== undefined) this.trials[place] = {...trial, labels: trial.labels ?? this.trials[place].labels};
    else if (isNew) this.places.set(id, this.trials.push(trial) - 1);
    return place;
  }

  find(trialId) {
    return this.trials[this.places.get(int(trialId))];
  }

  #ask(after, limit, states = this.selection.states) {
    const where = this.selection.filter.filter(({label}) => isPlain(label)).map(({axis, label}) => `${axis}=${label}`);
    return this.page.call("SweepService", "Get", {
      sweep: {sweepId: this.sweep.id},
      states,
      limit,
      afterTrialId: after,
      where,
    });
  }

  /// Labels that a selector cannot spell are told apart here.
  #mine(trials) {
    return trials.filter((trial) =>
      this.selection.filter.every(({axis, label}) => labelOf(trial.labels, axis) === label),
    );
  }
}

/// Whether `where` takes the label for itself, and not for a list or a range.
const isPlain = (label) => /^[\w.@-]+$/.test(label) && !label.includes("..");
