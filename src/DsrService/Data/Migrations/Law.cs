using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace DsrService.Data.Migrations;

[DbContext(typeof(DsrDbContext))]
[Migration("0003_law")]
internal sealed class Law : SqlMigration
{
    protected override string File => "0003_law.sql";
}
