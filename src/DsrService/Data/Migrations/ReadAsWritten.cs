using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace DsrService.Data.Migrations;

[DbContext(typeof(DsrDbContext))]
[Migration("0016_read_as_written")]
internal sealed class ReadAsWritten : SqlMigration
{
    protected override string File => "0016_read_as_written.sql";
}
