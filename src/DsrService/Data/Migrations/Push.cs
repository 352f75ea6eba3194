using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace DsrService.Data.Migrations;

[DbContext(typeof(DsrDbContext))]
[Migration("0013_push")]
internal sealed class Push : SqlMigration
{
    protected override string File => "0013_push.sql";
}
