// Lists the sweeps. `call` is how anything is asked of the coordinator: a gRPC method in JSON.
const message = document.getElementById('message');
let csrf = '';

async function post(path, body) {
  return fetch(path, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', 'X-OODML-CSRF': csrf },
    body: JSON.stringify(body),
  });
}

async function call(service, method, request = {}) {
  const reply = await post(`/api/v1/${service}/${method}`, request);
  const document = await reply.json();
  if (!reply.ok) throw new Error(document.message);
  return document;
}

function row(sweep) {
  const line = document.createElement('tr');
  for (const text of [sweep.sweepId, sweep.name, sweep.state, sweep.trials ?? 0]) {
    line.insertCell().textContent = text;
  }
  return line;
}

async function show() {
  const reply = await fetch('/session');
  const session = await reply.json();
  document.getElementById('log-in').hidden = reply.ok;
  message.textContent = reply.ok ? '' : session.message;
  if (!reply.ok) return;
  csrf = session.csrf;
  const { sweeps = [] } = await call('SweepService', 'List');
  const table = document.getElementById('sweeps');
  table.tBodies[0].replaceChildren(...sweeps.map(row));
  table.hidden = false;
}

document.getElementById('log-in').addEventListener('submit', async (event) => {
  event.preventDefault();
  const reply = await post('/login', { token: document.getElementById('token').value });
  if (reply.ok) await show();
  else message.textContent = (await reply.json()).message;
});

show().catch((error) => { message.textContent = error.message; });
