CREATE TABLE `access_log` (
	`seq` integer PRIMARY KEY NOT NULL,
	`at` text NOT NULL,
	`kind` text NOT NULL,
	`by` text NOT NULL,
	`session` text,
	`patient` text,
	`purpose` text,
	`reason` text,
	`detail` text NOT NULL,
	`previous` text NOT NULL,
	`hash` text NOT NULL
);
--> statement-breakpoint
CREATE INDEX `access_log_patient` ON `access_log` (`patient`);--> statement-breakpoint
CREATE INDEX `access_log_by` ON `access_log` (`by`);--> statement-breakpoint
CREATE TRIGGER `access_log_grows_at_its_end` BEFORE INSERT ON `access_log`
WHEN new.seq IS NOT (SELECT coalesce(max(seq), 0) + 1 FROM access_log)
	OR new.previous IS NOT coalesce((SELECT hash FROM access_log ORDER BY seq DESC LIMIT 1), '0000000000000000000000000000000000000000000000000000000000000000')
BEGIN
	SELECT raise(ABORT, 'the access log grows at its end only');
END;
--> statement-breakpoint
CREATE TRIGGER `access_log_never_changes` BEFORE UPDATE ON `access_log`
BEGIN
	SELECT raise(ABORT, 'the access log is never changed');
END;
--> statement-breakpoint
CREATE TRIGGER `access_log_never_shrinks` BEFORE DELETE ON `access_log`
BEGIN
	SELECT raise(ABORT, 'nothing leaves the access log');
END;
