// The engine's thread in a browser: browser.js talks to it.
import { packError } from './engine-host.js';
import { Member } from './member.js';

let member = null;

async function perform({ method, given }) {
  if (method === 'open') {
    member = new Member({ ...given, onRole: (role) => postMessage({ role }) });
    await member.open();
    return { answer: { role: member.role } };
  }
  if (method === 'close') {
    await member?.close();
    member = null;
    return { answer: null };
  }
  return member.request(method, given);
}

addEventListener('message', async ({ data }) => {
  let reply;
  try {
    reply = await perform(data);
  } catch (error) {
    reply = { error: packError(error) };
  }
  postMessage({ id: data.id, ...reply });
});
