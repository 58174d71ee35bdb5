# What is installed where, and the package made of it: `cmake --build --preset release && (cd build/release && cpack)`.
include(GNUInstallDirs)

set(iotman_files ${CMAKE_SOURCE_DIR}/installer/files)
set(iotman_packed ${CMAKE_BINARY_DIR}/package)
file(MAKE_DIRECTORY ${iotman_packed})

# Debian wants manual pages and changelogs compressed, without a date in them.
function(iotman_compress from to)
  file(MAKE_DIRECTORY ${iotman_packed})
  execute_process(COMMAND gzip -9nc ${from} OUTPUT_FILE ${iotman_packed}/${to} COMMAND_ERROR_IS_FATAL ANY)
endfunction()
iotman_compress(${iotman_files}/iotman-server.1 iotman-server.1.gz)
iotman_compress(${iotman_files}/iotman-desktop.1 iotman-desktop.1.gz)
iotman_compress(${iotman_files}/changelog changelog.Debian.gz)

install(TARGETS iotman-server RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
if(TARGET iotman-desktop)
  install(TARGETS iotman-desktop RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
endif()
install(DIRECTORY ${CMAKE_SOURCE_DIR}/resources/demo DESTINATION ${CMAKE_INSTALL_DATADIR}/iotman)
install(FILES ${iotman_packed}/iotman-server.1.gz ${iotman_packed}/iotman-desktop.1.gz DESTINATION ${CMAKE_INSTALL_DATADIR}/man/man1)
install(FILES ${iotman_packed}/changelog.Debian.gz ${iotman_files}/copyright DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/iotman)
install(FILES ${iotman_files}/iotman-server.service DESTINATION lib/systemd/system)
install(FILES ${iotman_files}/org.iotman.Desktop.desktop DESTINATION ${CMAKE_INSTALL_DATADIR}/applications)
install(FILES ${iotman_files}/org.iotman.Desktop.metainfo.xml DESTINATION ${CMAKE_INSTALL_DATADIR}/metainfo)
install(FILES ${iotman_files}/org.iotman.Desktop.svg DESTINATION ${CMAKE_INSTALL_DATADIR}/icons/hicolor/scalable/apps)
install(FILES ${iotman_files}/completion/iotman-server.bash DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions RENAME iotman-server)
install(FILES ${iotman_files}/completion/_iotman-server DESTINATION ${CMAKE_INSTALL_DATADIR}/zsh/vendor-completions)
install(FILES ${iotman_files}/completion/iotman-server.fish DESTINATION ${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d)

set(CPACK_GENERATOR DEB TGZ)
set(CPACK_PACKAGE_NAME iotman)
set(CPACK_PACKAGE_VERSION ${PROJECT_VERSION})
set(CPACK_PACKAGE_CONTACT "The IoTMan developers <developers@iotman.example>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "desktop and local data API for IoT workspaces")
set(CPACK_DEBIAN_PACKAGE_DESCRIPTION "Manages the endpoints through which an IoT workspace serves its data, plots
live streams together with their history, and carries the complete data API
itself: pages, WebSocket and event streams, ingest, scopes and OAuth2.
.
The package holds the desktop program and iotman-server, which serves the same
API without a display: in test pipelines from one file, or as a service.")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_RELEASE 1)
set(CPACK_DEBIAN_PACKAGE_SECTION science)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_DEPENDS "qt6-qpa-plugins, libqt6svg6")
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS "fonts-noto-core")
set(CPACK_DEBIAN_PACKAGE_HOMEPAGE "https://iotman.example/")
include(CPack)
