module nexus/tests/drivers/go

go 1.22
