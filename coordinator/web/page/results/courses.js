// Courses of a sweep's trials by row: means and deviations over the trials of a row, epoch by epoch, as
// coordinator/cli/curves/sweep_chart.cpp makes them.
import {call} from "../service/call.js";
import {int, labelOf, list, real} from "../service/wire.js";

/// Courses of one figure ("test:e_recall@1") of trials that have not failed, at most `most` trials; [{labels, epochs, values}].
/// `onMore` hears how many there are so far.
export async function readCourses(sweepId, figure, {most, signal, onMore}) {
  const trials = [];
  let afterTrialId = 0;
  let seen = 0;
  do {
    const reply = await call(
      "SweepService",
      "ReadCourses",
      {sweep: {sweepId}, figures: [figure], afterTrialId},
      {signal},
    );
    const wanted = list(reply.figures).indexOf(figure);
    for (const trial of list(reply.trials)) {
      ++seen;
      const course = list(trial.courses).find((one) => (one.figure ?? 0) === wanted);
      if (!course || ["failed", "cancelled"].includes(trial.state)) continue;
      trials.push({
        labels: list(trial.labels),
        epochs: list(course.epochs).map(int),
        values: list(course.values).map(real),
      });
    }
    afterTrialId = int(reply.nextAfterTrialId);
    onMore(seen);
  } while (afterTrialId !== 0 && seen < most);
  return {trials, isWhole: afterTrialId === 0, seen};
}

/// The trials by row: [{name, labels, trials}], in the order in which they come.
export function rowsOf(trials, by) {
  const rows = new Map();
  for (const trial of trials) {
    const labels = by.map((axis) => labelOf(trial.labels, axis));
    const key = JSON.stringify(labels);
    if (!rows.has(key)) rows.set(key, {labels, trials: []});
    rows.get(key).trials.push(trial);
  }
  const all = [...rows.values()];
  const telling = by
    .map((_, i) => i)
    .filter((i) => all.length < 2 || all.some((row) => row.labels[i] !== all[0].labels[i]));
  for (const row of all)
    row.name = telling.map((i) => (telling.length > 1 ? `${by[i]}=` : "") + row.labels[i]).join(" ") || "all";
  return all;
}

/// {x: epochs, rows: [{name, mean, low, high}]}: means, and a standard deviation to both sides where two trials or more
/// have the epoch.
export function meanCourses(rows) {
  const epochs = [...new Set(rows.flatMap((row) => row.trials.flatMap((trial) => trial.epochs)))].sort((a, b) => a - b);
  const places = new Map(epochs.map((epoch, place) => [epoch, place]));
  return {x: epochs, rows: rows.map((row) => meanCourse(row, epochs.length, places))};
}

function meanCourse(row, length, places) {
  const values = Array.from({length}, () => []);
  for (const trial of row.trials) {
    trial.epochs.forEach((epoch, i) => {
      if (Number.isFinite(trial.values[i])) values[places.get(epoch)].push(trial.values[i]);
    });
  }
  const spreads = values.map(spread);
  const counts = values.map((list) => list.length).filter((n) => n > 0);
  const least = Math.min(...counts);
  const most = Math.max(...counts);
  return {
    name: `${row.name}, n ${least === most ? most : `${least}-${most}`}`,
    mean: spreads.map((s) => s?.mean ?? null),
    low: spreads.map((s) => (s ? s.mean - s.deviation : null)),
    high: spreads.map((s) => (s ? s.mean + s.deviation : null)),
  };
}

function spread(values) {
  if (values.length === 0) return null;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return {mean, deviation: values.length > 1 ? Math.sqrt(squares / (values.length - 1)) : 0};
}
