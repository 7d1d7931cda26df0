import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

const fixture = join(import.meta.dirname, '../../packages/presets/fixtures/django');

/** The Django fixture with a Celery worker on Redis, uploads into a folder, and a command for the night. */
export async function queueApp(version: string): Promise<Record<string, string>> {
  const names = await readdir(fixture, { recursive: true, withFileTypes: true });
  const files = await Promise.all(names.filter((entry) => entry.isFile() && !entry.parentPath.includes('__pycache__')).map(async (entry) => {
    const path = join(entry.parentPath, entry.name);
    return [path.slice(fixture.length + 1), await readFile(path, 'utf8')] as const;
  }));
  const known = Object.fromEntries(files);
  return {
    ...known, ...versionOf(version),
    'requirements.txt': `${known['requirements.txt']}celery[redis]==5.5.3\n`,
    'shop/settings.py': `${known['shop/settings.py']}\nMEDIA_ROOT = BASE_DIR / "media"\nCELERY_BROKER_URL = os.environ["REDIS_URL"]\nCELERY_WORKER_PREFETCH_MULTIPLIER = 1\n`,
    'shop/celery.py': celery, 'shop/__init__.py': 'from .celery import app as celery_app\n\n__all__ = ["celery_app"]\n',
    'goods/models.py': `${known['goods/models.py']}${models}`, 'goods/migrations/0002_done.py': migration, 'goods/tasks.py': tasks, 'goods/queue.py': views,
    'goods/management/__init__.py': '', 'goods/management/commands/__init__.py': '', 'goods/management/commands/nightly.py': nightly,
    'shop/urls.py': urls,
  };
}

export function versionOf(version: string): Record<string, string> {
  return { 'goods/version.py': `VERSION = "${version}"\n` };
}

const celery = `import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")
app = Celery("shop")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
`;

const models = `

class Done(models.Model):
    number = models.IntegerField()
    version = models.CharField(max_length=20)
    began = models.FloatField()
    ended = models.FloatField()
`;

const migration = `from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("goods", "0001_initial")]
    operations = [
        migrations.CreateModel(
            name="Done",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.IntegerField()),
                ("version", models.CharField(max_length=20)),
                ("began", models.FloatField()),
                ("ended", models.FloatField()),
            ],
        ),
    ]
`;

const tasks = `import time

from celery import shared_task

from .models import Done
from .version import VERSION


@shared_task
def work(number, seconds):
    began = time.time()
    time.sleep(seconds)
    Done.objects.create(number=number, version=VERSION, began=began, ended=time.time())
`;

const views = `from django.conf import settings
from django.http import HttpResponse, JsonResponse

from .models import Done, Good
from .tasks import work
from .version import VERSION


def enqueue(request):
    first, count = int(request.GET["first"]), int(request.GET["count"])
    for number in range(first, first + count):
        work.delay(number, float(request.GET.get("seconds", "0.05")))
    return HttpResponse(VERSION)


def done(request):
    return JsonResponse({"done": list(Done.objects.order_by("began").values("number", "version", "began", "ended")), "goods": Good.objects.count()})


def upload(request, name):
    file = settings.MEDIA_ROOT / name
    if request.method == "POST":
        file.write_bytes(request.body)
    return HttpResponse(file.read_bytes() if file.exists() else b"none")
`;

const nightly = `from django.core.management.base import BaseCommand

from goods.models import Good
from goods.version import VERSION


class Command(BaseCommand):
    def handle(self, *args, **options):
        Good.objects.create(name="Tea of the night")
        self.stdout.write(f"{Good.objects.count()} goods, by {VERSION}")
`;

const urls = `from django.urls import path

from goods import queue, views

urlpatterns = [
    path("", views.index),
    path("health/", views.health),
    path("enqueue", queue.enqueue),
    path("done", queue.done),
    path("upload/<str:name>", queue.upload),
]
`;
