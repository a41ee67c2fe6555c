"""What every face carries: include these in each URLconf, the root's too."""

from django.urls import path

from doorstep.web.ui import views

urlpatterns = [
    path("brand/<str:color>.css", views.brand, name="brand"),
    path("logo/<int:pk>.png", views.logo, name="logo"),
]
