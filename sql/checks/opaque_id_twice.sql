-- Severity: fault
-- Sentence: Two people have the same opaque id: a fault of the program; please report it.
select pid from patient group by pid having count(*) > 1
