// A connected system in plain Node, without packages: takes signed tasks, hands over, erases, keeps what it is told to keep,
// and is asked again. Settings by environment: PORT, TOKEN, SECRET (whsec_…). The rows stand for the tables of its database.
import { createServer } from 'node:http';
import { createHmac, timingSafeEqual } from 'node:crypto';

const { PORT, TOKEN, SECRET } = process.env;
const key = Buffer.from(SECRET.replace(/^whsec_/, ''), 'base64');
const rows = JSON.parse(process.env.ROWS ?? '[]'); // [{ email, category, text, handle }]
const receipts = new Map(); // A real system keeps these beside its data, in the same transaction.

function isSigned(headers, body) {
  const { 'webhook-id': id, 'webhook-timestamp': at, 'webhook-signature': signatures } = headers;
  if (!id || !signatures || !/^\d+$/.test(at ?? '') || Math.abs(Date.now() / 1000 - Number(at)) > 300) return false;
  const expected = createHmac('sha256', key).update(`${id}.${at}.`).update(body).digest();
  return signatures.split(' ').some(signature => {
    const given = Buffer.from(signature.replace(/^v1,/, ''), 'base64');
    return signature.startsWith('v1,') && given.length === expected.length && timingSafeEqual(given, expected);
  });
}

const rowsOf = task => rows.filter(row =>
  (task.identifiers ?? []).some(one => one.kind === 'email' && one.verified && one.value === row.email)
  || task.scope.some(item => item.handle === row.handle));
const decision = (task, category) => task.scope.find(item => item.category === category);

async function handOver(task, category, found) {
  const body = found.map(row => JSON.stringify({ text: row.text }) + '\n').join('');
  const answer = await fetch(`${task.links.data}/${category}`, {
    method: 'PUT', body, headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/x-ndjson', 'dsr-category': category },
  });
  if (!answer.ok) throw new Error('upload.refused');
}

async function carryOut(task) {
  const items = [];
  for (const category of new Set(rowsOf(task).map(row => row.category))) {
    const found = rowsOf(task).filter(row => row.category === category);
    const kept = decision(task, category)?.decision === 'keep';
    const item = { category, found: found.length };
    if (task.action === 'access') {
      await handOver(task, category, found);
      item.handed = found.length;
    } else if (kept) {
      Object.assign(item, { retained: found.length, reason: decision(task, category).reason, until: decision(task, category).until, handle: found[0].handle });
    } else if (task.action === 'erase' && decision(task, category)) {
      item.erased = found.length;
      if (!task.preview) found.forEach(row => rows.splice(rows.indexOf(row), 1));
    }
    items.push(item);
  }
  const outcome = items.length === 0 ? 'nothing-found' : items.some(item => item.retained) ? 'partly-retained' : 'completed';
  return { taskId: task.taskId, outcome, items, messages: [], handledAt: new Date().toISOString(), handler: 'example-shop 1.0' };
}

async function answer(task) {
  if (!['access', 'erase', 'verify'].includes(task.action)) return { taskId: task.taskId, outcome: 'refused', items: [], messages: ['This system does not do that.'], handledAt: new Date().toISOString(), handler: 'example-shop 1.0' };
  // The same task has one effect and one answer, however often it comes.
  if (!receipts.has(task.taskId)) {
    const work = carryOut(task);
    if (task.preview) return work;
    receipts.set(task.taskId, work);
    work.catch(() => receipts.delete(task.taskId));
  }
  return receipts.get(task.taskId);
}

createServer(async (request, response) => {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  const body = Buffer.concat(chunks);
  const say = (status, content) => response.writeHead(status, { 'content-type': 'application/json' }).end(content ? JSON.stringify(content) : undefined);
  if (!isSigned(request.headers, body)) return say(401);
  let task;
  try {
    task = JSON.parse(body);
    if (typeof task.taskId !== 'string' || !Array.isArray(task.scope)) return say(400);
  } catch {
    return say(400);
  }
  try {
    say(200, await answer(task));
  } catch {
    say(503);
  }
}).listen(Number(PORT), '127.0.0.1', function () { console.log(`listening ${this.address().port}`); });
