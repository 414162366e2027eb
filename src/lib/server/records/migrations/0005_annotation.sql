CREATE TABLE `annotation` (
	`seq` integer PRIMARY KEY NOT NULL,
	`at` text NOT NULL,
	`by` text NOT NULL,
	`removes` integer,
	`on_day` text,
	`group_kind` text,
	`group_value` text,
	`measure` text,
	`words` text,
	`begins_level` integer
);
--> statement-breakpoint
CREATE UNIQUE INDEX `annotation_removes` ON `annotation` (`removes`);--> statement-breakpoint
CREATE TRIGGER `annotation_never_changes` BEFORE UPDATE ON `annotation`
BEGIN
	SELECT raise(ABORT, 'an annotation is never changed: a further row takes it back');
END;
--> statement-breakpoint
CREATE TRIGGER `annotation_never_shrinks` BEFORE DELETE ON `annotation`
BEGIN
	SELECT raise(ABORT, 'no annotation is deleted');
END;
