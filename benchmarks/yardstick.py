"""A bare Django view behind the site's web server: reads the body, answers an id, keeps nothing.

python -m benchmarks.yardstick PORT
"""

import sys

import uvicorn
from django.conf import settings
from django.core.asgi import get_asgi_application
from django.http import HttpRequest, JsonResponse
from django.urls import path


def accept(request: HttpRequest, project_id: int) -> JsonResponse:
    """The least that an endpoint does: read the body, answer an id."""
    answer = JsonResponse({"id": f"{len(request.body):032x}"})
    answer.headers["Content-Length"] = str(len(answer.content))
    return answer


urlpatterns = [path("api/<int:project_id>/envelope/", accept)]

if __name__ == "__main__":
    settings.configure(ROOT_URLCONF=__name__, ALLOWED_HOSTS=["127.0.0.1"], MIDDLEWARE=[])
    uvicorn.run(
        get_asgi_application(),
        port=int(sys.argv[1]),
        loop="uvloop",
        http="httptools",
        lifespan="off",
        log_level="warning",
        access_log=False,
    )
