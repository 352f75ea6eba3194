using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace DsrService.Data.Migrations;

[DbContext(typeof(DsrDbContext))]
[Migration("0001_first")]
internal sealed class First : SqlMigration
{
    protected override string File => "0001_first.sql";
}
