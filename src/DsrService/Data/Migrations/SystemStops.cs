using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace DsrService.Data.Migrations;

[DbContext(typeof(DsrDbContext))]
[Migration("0007_system_stops")]
internal sealed class SystemStops : SqlMigration
{
    protected override string File => "0007_system_stops.sql";
}
