import { spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, existsSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Home } from './home';
import { scratchFolder } from './scratch';
import { usage } from './trouble';

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'microsoft-edge', 'chrome'];

/** The browser of this machine that can print: CHROMIUM_PATH, else the first of the usual names on the PATH; null when there is none. */
export function printingBrowser(): string | null {
	const { CHROMIUM_PATH, PATH = '' } = process.env;
	const places = PATH.split(delimiter).flatMap((folder) => names.map((name) => join(folder, name)));
	return [CHROMIUM_PATH ?? '', ...places].find((path) => path && existsSync(path)) ?? null;
}

/**
 * Prints a page of HTML to a PDF file that its owner alone can read, as this machine's Chromium, Chrome or Edge prints it. What lies about while it does is
 * in the home's scratch folder, and the browser finds no other machine. Throws exit 1, with no file written, when there is no such browser or it does not
 * print.
 */
export function printPdf(home: Home, html: string, out: string): void {
	const browser = printingBrowser();
	if (!browser)
		throw usage(
			'A PDF is printed by Chromium, Chrome or Edge, and none was found on this machine. Nothing was written. Name one with CHROMIUM_PATH, or write FILE.html and print it in any browser.'
		);
	const scratch = scratchFolder(home);
	try {
		const page = join(scratch, 'page.html');
		const printed = join(scratch, 'page.pdf');
		writeFileSync(page, html, { mode: 0o600 });
		const done = spawnSync(
			browser,
			[
				'--headless',
				'--disable-gpu',
				// Chromium's sandbox does not start for root; the page has no script.
				...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
				'--no-pdf-header-footer',
				// No name of another machine is looked up, and the browser asks for nothing of its own.
				'--host-resolver-rules=MAP * ~NOTFOUND',
				'--disable-background-networking',
				'--disable-component-update',
				'--disable-sync',
				'--no-first-run',
				`--user-data-dir=${join(scratch, 'profile')}`,
				`--print-to-pdf=${printed}`,
				pathToFileURL(page).href
			],
			{ encoding: 'utf8', timeout: 60_000 }
		);
		if (done.status !== 0 || !existsSync(printed))
			throw usage(
				`${browser} did not print the page. Nothing was written. Write FILE.html and print it in any browser.`
			);
		chmodSync(printed, 0o600);
		copyFileSync(printed, out);
		chmodSync(out, 0o600);
	} finally {
		rmSync(scratch, { recursive: true, force: true });
	}
}
