// Does in a worker what in_page.mjs does in a page.
onmessage = async ({ data: { call, given } }) => {
  try {
    postMessage({ answer: await eval(`({ ${call} })`)[/\w+(?=\()/.exec(call.replace(/^async /, ''))[0]](given) });
  } catch (error) {
    postMessage({ error: String(error) });
  }
};
