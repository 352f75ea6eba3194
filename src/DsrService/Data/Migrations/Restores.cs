using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace DsrService.Data.Migrations;

[DbContext(typeof(DsrDbContext))]
[Migration("0009_restores")]
internal sealed class Restores : SqlMigration
{
    protected override string File => "0009_restores.sql";
}
