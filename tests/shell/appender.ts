import { homeAt } from '$lib/server/home';
import { record } from '$lib/server/records/log';

// Appends entries to the log of the home it is given until it is killed, and tells each number once it is written.
const home = homeAt(process.argv[2]!);
for (;;) {
	const seq = await record(home, { kind: 'query', by: `process ${process.pid}`, detail: { rows: 1 } });
	process.stdout.write(`${seq}\n`);
}
