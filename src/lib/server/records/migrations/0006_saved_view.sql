CREATE TABLE `saved_view` (
	`id` text PRIMARY KEY NOT NULL,
	`by` text NOT NULL,
	`name` text,
	`name_key` text,
	`path` text NOT NULL,
	`words` text NOT NULL,
	`filters_only` integer NOT NULL,
	`pinned` integer NOT NULL,
	`shared` integer NOT NULL,
	`saved_at` text NOT NULL,
	`used_at` text NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `saved_view_name` ON `saved_view` (`by`,`name_key`);
