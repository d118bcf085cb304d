// Child of api.test.mjs: commits one node after another and reports each acknowledged one.
import { Nexus, nodeFs, wasm } from './package.mjs';

const [directory, round] = process.argv.slice(2);
const nexus = await Nexus.open({ wasm, store: nodeFs(directory) });
for (let i = 0; ; ++i) {
  await nexus.run('CREATE (:N {round: $round, i: $i})', { round: Number(round), i });
  process.send(i);
}
